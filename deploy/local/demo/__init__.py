"""The evening, from ticket to forgetting, played through the real doors only."""
