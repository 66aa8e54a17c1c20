"""How the house is put up."""
