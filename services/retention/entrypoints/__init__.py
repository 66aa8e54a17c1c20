"""The doors of retention: requests, events and the clock."""
