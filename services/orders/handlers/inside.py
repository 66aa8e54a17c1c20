"""How many are inside: counted once a second, and since then by each who goes in here."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.fresh import Fresh
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.orders.store import tickets


class Inside:
    """A full hall is not counted for every scan. What another replica lets in is seen a moment later."""

    def __init__(self, work: Workplace, clock: Clock, fresh_for: timedelta) -> None:
        self._work = work
        self._counted = Fresh(self._count, clock, fresh_for)
        self._since: Counter[UUID] = Counter()

    async def of(self, event: UUID) -> int:
        """How many are inside at an event."""
        counted = await self._counted.get(event)
        return counted + self._since[event]

    def one_more(self, event: UUID) -> None:
        """Somebody went in here, and that is committed."""
        self._since[event] += 1

    async def _count(self, event: UUID) -> int:
        self._since.pop(event, None)
        return await tickets.inside(self._work.once("order_guidance", SYSTEM), event)
