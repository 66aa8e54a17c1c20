"""How a neighbour is doing, felt by how it answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

from services.gateway.domain.waiting_rate import Seen


@dataclass
class Beat:
    """One question to a neighbour; whoever asked says whether it failed."""

    began: float
    failed: bool = False


class Pulse:
    """Counts answers, failures and late answers since the last look, and knows the oldest open question."""

    def __init__(self, slow: timedelta) -> None:
        self._slow = slow.total_seconds()
        self._open: dict[int, Beat] = {}
        self._answers = self._failed = self._late = 0

    @contextmanager
    def beat(self) -> Iterator[Beat]:
        """Around one question; what breaks off counts as failed."""
        one = Beat(monotonic(), failed=True)
        self._open[id(one)] = one
        try:
            yield one
        finally:
            del self._open[id(one)]
            self._answers += 1
            self._failed += one.failed
            self._late += monotonic() - one.began > self._slow

    def look(self) -> Seen:
        """What was seen since the last look."""
        oldest = next(iter(self._open.values()), None)
        age = timedelta(seconds=0 if oldest is None else monotonic() - oldest.began)
        seen = Seen(self._answers, self._failed, self._late, age)
        self._answers = self._failed = self._late = 0
        return seen
