"""A scanner that checks tickets without asking the house: see docs/ticket-code.md."""
