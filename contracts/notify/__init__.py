"""What notify says and answers."""
