"""What a sweep may do."""

from datetime import datetime


def is_dry(as_of: datetime, now: datetime, future_is_real: bool) -> bool:
    """A date to come only counts, unless this installation may act on it: a slip must not forget people."""
    return as_of > now and not future_is_real
