"""What is on, read once a second however many look."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.fresh import Fresh
from contracts.orders.api import EventList
from services.gateway.neighbours.caller import Neighbours, Question
from services.gateway.neighbours.declined import Declined

STALE_AT_MOST = timedelta(seconds=1)
ALL = "all"


class Season:
    """All that is to come, at most a second old: the same for everybody, whoever looks at it."""

    def __init__(self, neighbours: Neighbours, clock: Clock) -> None:
        self._neighbours = neighbours
        self._known = Fresh(self._read, clock, STALE_AT_MOST, largest=1)

    async def coming(self) -> EventList | Declined:
        """The events in order of time, with their series and seasons; declined as orders declined it."""
        return await self._known.get(ALL)

    async def _read(self, _: str) -> EventList | Declined:
        return await self._neighbours.ask(Question("orders", "GET", "/events"), EventList)
