"""A walk-in sale without a name (G-15, F-27): held, paid and issued in one commit of the event's writer."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.idempotency import KeyTaken, hash_of
from chassis.routes import Call
from chassis.work import Workplace
from chassis.writers import Writers
from contracts.orders.api import CounterSale, Hold, Order
from services.orders.domain.places import Wish
from services.orders.handlers.keys import MISSING, order_of_key
from services.orders.handlers.show_order import ShowOrders
from services.orders.handlers.take_places import CounterFacts, PlaceWish, Taken


class SellAtCounter:
    """POST /counter/sales."""

    def __init__(self, work: Workplace, writers: Writers[UUID, PlaceWish, Taken], show: ShowOrders) -> None:
        self._work = work
        self._writers = writers
        self._show = show

    async def __call__(self, call: Call) -> Order | Refused:
        """The paid order with its tickets; refusals of domain/places.py and of keys."""
        if call.idempotency_key is None:
            return MISSING
        body: CounterSale = call.body
        body_hash = hash_of(body)
        known = await self._known(call, call.idempotency_key, body_hash)
        if known is not None:
            return known
        facts = CounterFacts(call.actor, call.idempotency_key, body_hash, body.method, uuid4())
        wish = Wish.of(uuid4(), "counter", body)
        try:
            taken = await self._writers.submit(body.event, PlaceWish(wish, facts))
        except KeyTaken:
            taken = Refused("seat-taken")
        if isinstance(taken, Refused):
            # The same request may have come twice at once: then the first of the two has the places.
            return await self._known(call, call.idempotency_key, body_hash) or taken
        assert not isinstance(taken, Hold), "a wish with a sale is never only held"
        return await self._show.show(call.actor, taken.order)

    async def _known(self, call: Call, key: str, body_hash: str) -> Order | Refused | None:
        async with self._work("counter_sale", call.actor) as tx:
            order = await order_of_key(tx, call.actor, key, body_hash)
        if order is None or isinstance(order, Refused):
            return order
        return await self._show.show(call.actor, order)
