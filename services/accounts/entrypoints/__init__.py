"""The doors of accounts: requests, events and the clock."""
