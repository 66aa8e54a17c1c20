"""Declarations: purposes, charters, and the documents made from them."""
