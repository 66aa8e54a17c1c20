"""What orders decides: values and now in, Accepted or Refused out; no clock, no table, no network."""
