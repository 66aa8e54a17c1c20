"""The three doors of the gateway."""
