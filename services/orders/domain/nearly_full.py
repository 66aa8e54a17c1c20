"""When an event counts as nearly full for those who wish to see it (G-03)."""

from __future__ import annotations

FEW, ENOUGH = 10, 15
"""Percent of the places: below `FEW` an event becomes nearly full, from `ENOUGH` on it is no longer so."""


def is_nearly_full(free: int, places: int, *, was: bool) -> bool:
    """Whether few places are left, but some. In between it stays what it was, so that nobody hears of each
    hold that ends."""
    if free <= 0:
        return False
    return 100 * free < (ENOUGH if was else FEW) * places
