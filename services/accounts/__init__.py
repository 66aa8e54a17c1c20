"""People, log-ins, organisations and choices."""
