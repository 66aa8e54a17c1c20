"""What accounts does: one use case per file."""
