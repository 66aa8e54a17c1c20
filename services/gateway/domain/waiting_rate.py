"""How fast a waiting room may let people in: as fast as orders answers well, found by trying (F-73).

Up by a quarter while all is well, down to half at the first sign of trouble: that settles just below what
orders can bear, whatever that is today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.gateway.domain.waiting import Limits

UP, DOWN = 1.25, 0.5
FAILED_SHARE = 0.05
SLOW_SHARE = 0.1
"""So many slow answers that nine in ten are no longer in time."""
ENOUGH = 10
"""Fewer answers than this say nothing about shares."""


@dataclass(frozen=True)
class Seen:
    """What was seen of a neighbour since the last look; `oldest` is the age of the oldest open question."""

    answers: int
    failed: int
    slow: int
    oldest: timedelta = timedelta(0)


def is_in_trouble(seen: Seen, slow: timedelta) -> bool:
    """Whether a neighbour fails, is late, or leaves questions hanging."""
    if seen.oldest > 2 * slow:
        return True
    if seen.answers < ENOUGH:
        return seen.failed > 1 and seen.failed * 2 > seen.answers
    return seen.failed > FAILED_SHARE * seen.answers or seen.slow > SLOW_SHARE * seen.answers


def adjusted(rate: float, seen: Seen, limits: Limits) -> float:
    """The rate of the next second, admissions a second."""
    if is_in_trouble(seen, limits.slow):
        return max(limits.floor, rate * DOWN)
    return min(limits.ceiling, rate * UP)
