"""Places are kept for a short while by the writer of their event."""

from __future__ import annotations

from uuid import UUID, uuid4, uuid5

from chassis.decision import Refused
from chassis.routes import Call
from chassis.writers import Writers
from contracts.orders.api import Hold, HoldRequest
from services.orders.domain.places import Wish
from services.orders.handlers.show_hold import ShowHold
from services.orders.handlers.take_places import PlaceWish, Sold, Taken


class HoldPlaces:
    """POST /holds."""

    def __init__(self, writers: Writers[UUID, PlaceWish, Taken], show: ShowHold) -> None:
        self._writers = writers
        self._show = show

    async def __call__(self, call: Call) -> Hold | Refused:
        """Keep the places of the body; a request with the same Idempotency-Key gets the same hold."""
        body: HoldRequest = call.body
        hold = uuid5(call.actor.id, call.idempotency_key) if call.idempotency_key else uuid4()
        taken = await self._writers.submit(
            body.event, PlaceWish(Wish.of(hold, "online", body), repeatable=call.idempotency_key is not None)
        )
        if isinstance(taken, Refused) and taken.slug == "hold-repeated":
            return await self._show.show(call.actor, hold)
        assert not isinstance(taken, Sold), "a wish without a sale is never sold at the counter"
        return taken
