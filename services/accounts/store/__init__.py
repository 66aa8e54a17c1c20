"""Where accounts keeps things: the only SQL of this service."""
