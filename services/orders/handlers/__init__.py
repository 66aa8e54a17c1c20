"""What orders does, one use case per file: load, decide, save, announce."""
