"""Attacks on every wall of a running house: each succeeds with its own wall off and fails with it on."""
