"""What is on, remembered for some seconds: who only waits asks orders nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from chassis.clock import Clock
from contracts.orders.api import EventList, EventSummary
from services.gateway.neighbours.caller import Neighbours, Question
from services.gateway.neighbours.declined import Declined

FRESH = timedelta(seconds=5)
NOTHING: Mapping[UUID, EventSummary] = MappingProxyType({})


class Programme:
    """The season as it was at most five seconds ago, longer where orders is away; one question at a time."""

    def __init__(self, neighbours: Neighbours, clock: Clock) -> None:
        self._neighbours = neighbours
        self._clock = clock
        self._events = NOTHING
        self._asked: datetime | None = None
        self._asking = asyncio.Lock()

    async def event(self, event: UUID) -> EventSummary | None:
        """An event by its id; None where it is over, or there is none."""
        return (await self._season()).get(event)

    async def titled(self, slug: str) -> EventSummary | None:
        """An event by the name in its address; None as above."""
        return next((event for event in (await self._season()).values() if event.slug == slug), None)

    async def _season(self) -> Mapping[UUID, EventSummary]:
        if self._stale():
            async with self._asking:
                if self._stale():
                    await self._ask()
        return self._events

    def _stale(self) -> bool:
        return self._asked is None or self._clock.now() - self._asked > FRESH

    async def _ask(self) -> None:
        told = await self._neighbours.ask(Question("orders", "GET", "/events"), EventList)
        if not isinstance(told, Declined):
            self._events = {event.id: event for event in told.events}
            self._asked = self._clock.now()
