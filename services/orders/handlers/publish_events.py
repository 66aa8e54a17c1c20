"""What is new or changed in the season is told to the services that write, print and share."""

from __future__ import annotations

from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.orders.store import publishing

AT_ONCE = 100


class PublishEvents:
    """Timer `publish_events`: whoever writes an event only writes it; telling is not forgotten."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Announce every event whose version is newer than what was announced, and every sale that began."""
        async with self._work("order_guidance", SYSTEM) as tx:
            for event in await publishing.take_unannounced(tx, AT_ONCE):
                await tx.announce(event)
            for opened in await publishing.take_opened(tx, tx.now):
                await tx.announce(opened)
