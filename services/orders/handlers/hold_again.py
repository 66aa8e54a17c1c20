"""After their time, the same places again where they are free, or as many that the house picks (F-05)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from chassis.writers import Writers
from contracts.orders.api import Hold, HoldAgain
from services.orders.domain.extension import over, wish_again
from services.orders.handlers.show_hold import ShowHold
from services.orders.handlers.take_places import PlaceWish, Sold, Taken
from services.orders.store import discounts, holds


class HoldPlacesAgain:
    """POST /holds/{hold}/again."""

    def __init__(self, work: Workplace, writers: Writers[UUID, PlaceWish, Taken], show: ShowHold) -> None:
        self._work = work
        self._writers = writers
        self._show = show

    async def __call__(self, call: Call) -> Hold | Refused:
        """A new hold at today's prices, or the old one while it stands.

        Refusals: unknown-hold, hold-ordered, and those of domain/places.py.
        """
        hold, body = UUID(call.path["hold"]), call.body
        assert isinstance(body, HoldAgain)
        found = await self._wish(call, hold, body)
        if isinstance(found, Refused):
            return found
        if found is None:
            return await self._show.show(call.actor, hold)
        event, wish = found
        taken = await self._writers.submit(event, wish)
        if isinstance(taken, Refused) and taken.slug == "hold-repeated":
            return await self._show.show(call.actor, wish.wish.hold)
        assert not isinstance(taken, Sold), "a wish without a sale is never sold at the counter"
        return taken

    async def _wish(self, call: Call, hold: UUID, body: HoldAgain) -> tuple[UUID, PlaceWish] | Refused | None:
        """What to ask of the event's writer; None while the hold stands."""
        async with self._work("ticket_sale", call.actor) as tx:
            tx.saw_nobody()
            found = await holds.find(tx, hold)
            ended = over(found.kept if found else None, tx.now)
            if found is None or ended is None:
                return ended
            if ended.slug == "hold-ordered":
                return ended
            seats = [line.seat for line in found.lines if line.seat]
            stock = await holds.stock_of(tx, found.event, 0, seats, tx.now)
            code = await discounts.code_of(tx, found.voucher) if found.voucher else None
            wish = wish_again(hold, found.lines, stock.facts, code, body.pick)
            return found.event, PlaceWish(wish, repeatable=True)
