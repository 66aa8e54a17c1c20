"""Which places are free, read once a second however many look."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.fresh import Fresh
from contracts.orders.api import EventDetail
from services.gateway.domain.availability import Availability, availability_of
from services.gateway.neighbours.caller import Neighbours, Question
from services.gateway.neighbours.declined import Declined

STALE_AT_MOST = timedelta(seconds=1)


class FreePlaces:
    """The free places of events by slug, at most a second old: who only looks asks orders nothing more."""

    def __init__(self, neighbours: Neighbours, clock: Clock) -> None:
        self._neighbours = neighbours
        self._known = Fresh(self._read, clock, STALE_AT_MOST)

    async def of(self, slug: str) -> Availability | Declined:
        """What is free; declined as orders declined the event."""
        return await self._known.get(slug)

    async def _read(self, slug: str) -> Availability | Declined:
        detail = await self._neighbours.ask(Question("orders", "GET", f"/events/{slug}"), EventDetail)
        return detail if isinstance(detail, Declined) else availability_of(detail)
