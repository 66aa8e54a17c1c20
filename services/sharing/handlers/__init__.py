"""Use cases of sharing, one per file."""
