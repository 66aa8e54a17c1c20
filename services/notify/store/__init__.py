"""The only SQL of notify."""
