"""The three doors of orders: requests, events, the clock."""
