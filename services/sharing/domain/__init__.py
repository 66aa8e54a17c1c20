"""Pure decisions of sharing."""
