"""Another try to pay an order whose payment failed, while its places are kept."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.idempotency import hash_of, remember
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.api import Order
from services.orders.domain.checkout import kept_until
from services.orders.domain.payment import decide_new_try
from services.orders.handlers.keys import carried_out_once, order_of_key
from services.orders.handlers.place_order import ShopFacts, new_payment
from services.orders.handlers.show_order import ShowOrders
from services.orders.handlers.take_payment import Cashier
from services.orders.seeing import may_see
from services.orders.store import holds, orders, payments


class PayAgain:
    """POST /orders/{order}/payment."""

    def __init__(self, work: Workplace, shop: ShopFacts, cashier: Cashier, show: ShowOrders) -> None:
        self._work = work
        self._shop = shop
        self._cashier = cashier
        self._show = show

    async def __call__(self, call: Call) -> Order | Refused:
        """The order with a payment that can be made; not-found, places-lost, and the refusals of keys."""
        begun = await carried_out_once(call.idempotency_key, lambda key: self._once(call, key))
        if isinstance(begun, Refused):
            return begun
        await self._cashier.begin_last(begun)
        return await self._show.show(call.actor, begun)

    async def _once(self, call: Call, key: str) -> UUID | Refused:
        order, body_hash = UUID(call.path["order"]), hash_of(call.body) + call.path["order"]
        async with self._work("payment", call.actor) as tx:
            row = await orders.find(tx, order)
            if row is None or not await may_see(tx, call.actor, row.owner):
                return Refused("not-found")
            await holds.lock(tx, row.event, row.hold)
            known = await order_of_key(tx, call.actor, key, body_hash)
            if known is not None:
                return known
            begun = await self._begin(tx, order, call.language)
            if isinstance(begun, Refused):
                return begun
            await remember(tx, key, body_hash, order)
            return order

    async def _begin(self, tx: Work, order: UUID, language: str) -> bool | Refused:
        """Write a new try down, unless one is open; read after the hold's lock: two clicks make one."""
        row = await orders.find(tx, order)
        assert row is not None, "orders stay"
        before = await payments.latest_of(tx, order)
        is_open = before is not None and before.state == "open"
        decided = decide_new_try(row.state, row.hold_state, row.expires_at, is_open, tx.now)
        if isinstance(decided, Refused):
            return decided
        if decided.value:
            new = orders.NewOrder(
                row.event, order, row.number, row.hold, row.total_cents, row.vat_cents, row.placed_at
            )
            back = before.return_url if before and before.return_url else self._shop.public_url
            attempt = before.attempt + 1 if before else 1
            again = new_payment(self._shop, new, row.owner or tx.actor.id, back, language, attempt=attempt)
            await payments.add(tx, again, tx.now)
            until = kept_until(row.placed_at, tx.now, None, self._shop.times)
            await holds.keep_until(tx, row.event, row.hold, until)
        return decided.value
