"""What retention says and answers."""
