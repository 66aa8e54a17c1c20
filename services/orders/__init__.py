"""Events, seats, orders, tickets and the door."""
