"""What accounts says and answers."""
