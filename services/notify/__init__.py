"""Messages to people, and their tickets on paper."""
