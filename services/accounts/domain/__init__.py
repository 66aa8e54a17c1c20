"""What accounts decides: values in, Accepted or Refused out."""
