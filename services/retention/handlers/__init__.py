"""What retention does: one use case per file."""
