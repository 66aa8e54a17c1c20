"""Measurements: what the house costs and how fast it is, with nothing hidden; see docs/bench.md."""
