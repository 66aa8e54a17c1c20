"""The example receiver: what it keeps, what it drops, whom it believes."""
