"""A mail server that delivers nowhere: it keeps each mail as a file and shows it in a browser."""
