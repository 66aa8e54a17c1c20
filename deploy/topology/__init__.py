"""Roles, grants, policies, broker users and secrets: generated from charters, applied, and compared."""
