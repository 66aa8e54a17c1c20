"""Places that were kept are given back before their time."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.api import Hold
from services.orders.domain.checkout import decide_release
from services.orders.handlers.take_places import Taken
from services.orders.store import holds


class ReleaseHold:
    """DELETE /holds/{hold}, and the places of those who did not wait for them."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """Free the places; unknown-hold, hold-ordered."""
        async with self._work("ticket_sale", call.actor) as tx:
            tx.saw_nobody()
            hold = UUID(call.path["hold"])
            found = await holds.find(tx, hold)
            if found is None:
                return Refused("unknown-hold")
            await holds.lock_stock(tx, found.event, tx.now)
            locked = await holds.lock(tx, found.event, hold)
            decided = decide_release(locked.kept if locked else None)
            if isinstance(decided, Refused):
                return decided
            if decided.value:
                await holds.release(tx, found.event, hold)
            return Answer(None, 204)

    async def unwanted(self, event: UUID, taken: Taken) -> None:
        """Free what was kept for somebody who left; a counter sale stands, its request can be repeated."""
        if isinstance(taken, Hold):
            async with self._work("ticket_sale", SYSTEM) as tx:
                await holds.lock_stock(tx, event, tx.now)
                await holds.release(tx, event, taken.id)
