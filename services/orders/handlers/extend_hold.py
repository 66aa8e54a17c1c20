"""More time for places that are held, once (F-05)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.api import Hold
from services.orders.domain.extension import decide_extension
from services.orders.handlers.show_hold import ShowHold
from services.orders.store import holds, season


class ExtendHold:
    """PUT /holds/{hold}/extension."""

    def __init__(self, work: Workplace, show: ShowHold) -> None:
        self._work = work
        self._show = show

    async def __call__(self, call: Call) -> Hold | Refused:
        """The hold with its extension, however often it is asked for.

        Refusals: unknown-hold, hold-ordered, hold-released, hold-expired.
        """
        hold = UUID(call.path["hold"])
        async with self._work("ticket_sale", call.actor) as tx:
            tx.saw_nobody()
            found = await holds.find(tx, hold)
            locked = await holds.lock(tx, found.event, hold) if found else None
            if locked is None:
                return Refused("unknown-hold")
            hold_for = await season.hold_for(tx, locked.event)
            decided = decide_extension(locked.kept, hold_for, tx.now)
            if isinstance(decided, Refused):
                return decided
            if decided.value is not None:
                await holds.extend(tx, locked.event, hold, decided.value)
        return await self._show.show(call.actor, hold)
