"""Time runs out: places come free, unpaid orders expire, and what nobody ordered is dropped."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import OrderExpiredV1
from services.orders.store import holds, orders

# A hold that nothing was ordered with holds nobody's data; a day is enough to look into a fault.
FORGET_AFTER = timedelta(days=1)


class EndHolds:
    """Timers `expire_holds` and `purge_holds`."""

    def __init__(self, work: Workplace, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def expire(self) -> None:
        """Free the places of holds that ran out, event by event."""
        sql = self._work.once("ticket_sale", SYSTEM)
        due = await holds.events_with_due(sql, self._clock.now())
        lost = await orders.events_with_lost_places(sql)
        for event in dict.fromkeys([*due, *lost]):
            await self._of_event(event)

    async def _of_event(self, event: UUID) -> None:
        async with self._work("ticket_sale", SYSTEM) as tx:
            await holds.lock_stock(tx, event, tx.now)
            for order in await orders.expire(tx, event):
                subject = await orders.owner_who_stays(tx, order)
                if subject is not None:
                    await tx.announce(OrderExpiredV1(subject=subject, order=order))

    async def purge(self) -> None:
        """Drop what was held and not ordered, a day later."""
        async with self._work("storage_limitation", SYSTEM) as tx:
            await holds.purge(tx, tx.now - FORGET_AFTER)
