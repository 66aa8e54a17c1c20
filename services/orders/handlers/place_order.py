"""Checkout: kept places become an order, and a person stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from chassis.decision import Accepted, Refused
from chassis.gate import choose_at_checkout
from chassis.idempotency import hash_of, remember
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.api import Checkout, Choice, Order
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1, OrderPlacedV1
from services.orders.domain.checkout import PaymentTimes, Placement, decide_placement, return_address
from services.orders.domain.disclosure import CHANNEL
from services.orders.domain.order_number import number_from
from services.orders.domain.payment import PaymentWish
from services.orders.handlers.keys import carried_out_once, order_of_key
from services.orders.handlers.show_order import ShowOrders
from services.orders.handlers.take_payment import Cashier
from services.orders.store import orders, placing
from services.orders.store.payments import PaymentRow


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What every order of this house has in common."""

    public_url: str
    webhook_url: str
    currency: str
    times: PaymentTimes


class PlaceOrder:
    """POST /orders. A repetition finds its order by its key and goes on where the first one stopped."""

    def __init__(self, work: Workplace, shop: ShopFacts, cashier: Cashier, show: ShowOrders) -> None:
        self._work = work
        self._shop = shop
        self._cashier = cashier
        self._show = show

    async def __call__(self, call: Call) -> Order | Refused:
        """The order of the body's hold; refusals of domain/checkout.py, wrong-return-url, those of keys."""
        placed: PaymentRow | UUID | Refused = await carried_out_once(
            call.idempotency_key, lambda key: self._once(call, key)
        )
        if isinstance(placed, Refused):
            return placed
        if isinstance(placed, PaymentRow):
            await self._cashier.begin(placed)
        else:
            await self._cashier.begin_last(placed)
        order = placed.order if isinstance(placed, PaymentRow) else placed
        return await self._show.show(call.actor, order)

    async def _once(self, call: Call, key: str) -> PaymentRow | UUID | Refused:
        """The payment of a new order, or the order that this key stands for already."""
        body: Checkout = call.body
        body_hash = hash_of(body)
        async with self._work("ticket_sale", call.actor) as tx:
            await orders.stays(tx, call.actor.id)
            # The hold's lock makes the same request, come twice, wait for itself.
            found = await placing.lock(tx, body.hold, call.actor.id)
            decided = self._decide(body, found, tx.now)
            if isinstance(decided, Refused):
                return await order_of_key(tx, call.actor, key, body_hash) or decided
            assert found is not None, "what is not there is refused"
            order = uuid4()
            back = return_address(body.return_url, self._shop.public_url, order)
            if back is None:
                return Refused("wrong-return-url")
            await remember(tx, key, body_hash, order)
            new = _new(found.event, order, body.hold, decided.value, tx.now)
            payment = new_payment(new, call.actor.id, self._shop, back, body.locale)
            await placing.place(tx, new, body, found.version, payment, decided.value.kept_until)
            await _announce(tx, order, body, found.version)
            return payment

    def _decide(
        self, body: Checkout, found: placing.Found | None, now: datetime
    ) -> Accepted[Placement] | Refused:
        if found is None:
            return Refused("unknown-hold")
        if found.forgotten:
            return Refused("person-forgotten")
        asked = [choice.organisation for choice in body.choices]
        return decide_placement(found.kept, asked, found.partners, self._shop.times, now)


async def _announce(tx: Work, order: UUID, body: Checkout, version: int) -> None:
    for choice in {choice.organisation: choice for choice in body.choices}.values():
        await _choose(tx, choice, body.locale)
    await tx.announce(OrderPlacedV1(subject=tx.actor.id, order=order))
    await tx.announce(
        BuyerNamedV1(
            subject=tx.actor.id,
            version=version,
            name=body.name,
            email=body.email,
            phone=body.phone,
            locale=body.locale,
        )
    )


def _new(event: UUID, order: UUID, hold: UUID, placement: Placement, now: datetime) -> orders.NewOrder:
    number = number_from(uuid4())
    return orders.NewOrder(event, order, number, hold, placement.total_cents, placement.vat_cents, now)


async def _choose(tx: Work, choice: Choice, language: str) -> None:
    """A choice counts here at once, and accounts keeps the proof of it (Art. 7(1), F-67)."""
    state = "given" if choice.given else "refused"
    await choose_at_checkout(tx, tx.actor.id, choice.purpose, choice.organisation, CHANNEL, state)
    await tx.announce(
        ChoiceMadeV1(
            subject=tx.actor.id,
            purpose=choice.purpose,
            organisation=choice.organisation,
            channel=CHANNEL,
            state=state,
            wording=choice.wording,
            language=language,
            made_at=tx.now,
        )
    )


def new_payment(
    new: orders.NewOrder, buyer: UUID, shop: ShopFacts, back: str, language: str, attempt: int = 1
) -> PaymentRow:
    """A try to pay as it is written down; what costs nothing asks no provider."""
    free = new.total_cents == 0
    wish = PaymentWish(
        new.order, new.number, new.total_cents, shop.currency, back, shop.webhook_url, language
    )
    return PaymentRow(
        event=new.event,
        payment=uuid4(),
        order=new.order,
        attempt=attempt,
        provider="free" if free else "mollie",
        provider_id=None,
        idempotency_key=uuid4(),
        request=None if free else wish.request(),
        return_url=back,
        state="open",
        cents=new.total_cents,
        hold=new.hold,
        placed_at=new.placed_at,
        subject=buyer,
    )
