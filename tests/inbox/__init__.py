"""The local inbox: SMTP in, files, pages and JSON out."""
