"""Whether somebody would notice: each permission is widened in place, alone, and a law must complain."""
