"""What sharing says and answers."""
