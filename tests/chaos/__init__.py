"""Kills: the evening is played while parts of the house die, and ends the same."""
