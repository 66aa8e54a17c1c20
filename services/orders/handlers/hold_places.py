"""Places are kept for a short while by the writer of their event, and given back."""

from __future__ import annotations

from uuid import UUID, uuid4, uuid5

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.api import Hold, HoldRequest
from services.orders.domain.checkout import decide_release
from services.orders.domain.places import Wish
from services.orders.handlers.show_hold import ShowHold
from services.orders.handlers.take_places import PlaceWish, Sold, Taken
from services.orders.handlers.writer import Writers
from services.orders.store import holds


class HoldPlaces:
    """POST /holds."""

    def __init__(self, writers: Writers[PlaceWish, Taken], show: ShowHold) -> None:
        self._writers = writers
        self._show = show

    async def __call__(self, call: Call) -> Hold | Refused:
        """Keep the places of the body; a request with the same Idempotency-Key gets the same hold."""
        body: HoldRequest = call.body
        hold = uuid5(call.actor.id, call.idempotency_key) if call.idempotency_key else uuid4()
        standing = tuple((one.price, one.quantity) for one in body.standing)
        wish = Wish(hold, "online", body.seats, body.seat_price, standing)
        taken = await self._writers.submit(body.event, PlaceWish(wish))
        if isinstance(taken, Refused) and taken.slug == "hold-repeated":
            return await self._show.show(call.actor, hold)
        assert not isinstance(taken, Sold), "a wish without a sale is never sold at the counter"
        return taken


class ReleaseHold:
    """DELETE /holds/{hold}, and the places of those who did not wait for them."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """Free the places; unknown-hold, hold-ordered."""
        async with self._work("ticket_sale", call.actor) as tx:
            hold = UUID(call.path["hold"])
            found = await holds.find(tx, hold)
            if found is None:
                return Refused("unknown-hold")
            await holds.lock_stock(tx, found.event)
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
                await holds.lock_stock(tx, event)
                await holds.release(tx, event, taken.id)
