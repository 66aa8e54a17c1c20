"""The six services of the house."""
