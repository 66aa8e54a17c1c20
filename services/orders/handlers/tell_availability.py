"""Who wishes to see an event hears when it is nearly full; the clock counts, and no buyer waits for it."""

from __future__ import annotations

from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import AvailabilityChangedV1
from services.orders.domain.nearly_full import is_nearly_full
from services.orders.store import availability

JOB = "tell_availability"


class TellAvailability:
    """Timer `tell_availability`."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Announce each event that became nearly full, or is no longer so, since it was last counted."""
        async with self._work("order_guidance", SYSTEM) as tx:
            for one in await availability.counted(tx, tx.now):
                now = is_nearly_full(one.free, one.places, was=one.nearly_full)
                version = None if now == one.nearly_full else await availability.tell(tx, one.event, now)
                if version is not None:
                    changed = AvailabilityChangedV1(event=one.event, version=version, nearly_full=now)
                    await tx.announce(changed)
