"""What orders says and answers."""
