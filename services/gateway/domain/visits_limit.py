"""How many visits may begin from one address: a burst, and then so many a minute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any


@dataclass(frozen=True)
class VisitsLimit:
    """So many at once, and one more for each `every` that passed. A school has one address for many."""

    burst: int
    every: timedelta

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> VisitsLimit:
        """The table `visits_of_an_address` of house.toml."""
        return cls(int(table["burst"]), timedelta(minutes=1) / float(table["a_minute"]))

    def begin(self, free_from: datetime | None, now: datetime) -> tuple[datetime, int]:
        """When all would be free again after one more visit, and 0; or unchanged, and the seconds to wait."""
        starts = now if free_from is None else max(now, free_from)
        later = starts + self.every
        wait = (later - now - self.burst * self.every).total_seconds()
        return (later, 0) if wait <= 0 else (starts, ceil(wait))
