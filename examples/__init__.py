"""Programs of others: what stands outside the house and talks to it."""
