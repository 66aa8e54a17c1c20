"""Events as they were a moment ago: what shows them many times a second reads them once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.fresh import Fresh
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.orders.store import season
from services.orders.store.season import Sellable

Catalogue = Fresh[UUID, Sellable | None]
"""Events by id, None for one that does not exist: what is shown of them. What is decided reads the tables."""


def catalogue(work: Workplace, clock: Clock, fresh_for: timedelta) -> Catalogue:
    """A catalogue that is not older than `fresh_for`."""

    async def read(event: UUID) -> Sellable | None:
        async with work("order_guidance", SYSTEM) as tx:
            return await season.sellable(tx, event, tx.now)

    return Fresh(read, clock, fresh_for)
