"""Cases, clocks and forgetting."""
