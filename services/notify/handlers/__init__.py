"""Use cases of notify, one per file."""
