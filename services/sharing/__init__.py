"""Agreements with co-presenters and what they receive."""
