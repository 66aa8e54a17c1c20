"""The only SQL of sharing."""
