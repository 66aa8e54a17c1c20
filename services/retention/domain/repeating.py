"""When an unanswered order goes out again."""

from datetime import datetime, timedelta

MOST_DOUBLINGS = 16


def next_order(now: datetime, orders: int, first: timedelta, last: timedelta) -> datetime:
    """Rest `first` after the first order, then twice as long each time, at most `last`."""
    doublings = min(max(orders - 1, 0), MOST_DOUBLINGS)
    rest: timedelta = first * (1 << doublings)
    return now + min(rest, last)
