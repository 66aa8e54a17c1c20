"""A simulator of Mollie's API v2, for development and tests: the official client works with it unchanged."""
