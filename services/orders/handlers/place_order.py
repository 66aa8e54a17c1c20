"""Checkout: kept places become an order, and a person stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from chassis.decision import Refused
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
from services.orders.store import holds, orders, payments, season
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
        placed = await carried_out_once(call.idempotency_key, lambda key: self._once(call, key))
        if isinstance(placed, Refused):
            return placed
        await self._cashier.begin(placed)
        return await self._show.show(call.actor, placed)

    async def _once(self, call: Call, key: str) -> UUID | Refused:
        """The order of this key. The hold's lock makes the same request, come twice, wait for itself."""
        body: Checkout = call.body
        body_hash = hash_of(body)
        async with self._work("ticket_sale", call.actor) as tx:
            if not await tx.remembers(call.actor.id):
                return Refused("person-forgotten")
            found = await holds.find(tx, body.hold)
            hold = await holds.lock(tx, found.event, body.hold) if found else None
            known = await order_of_key(tx, call.actor, key, body_hash)
            if known is not None:
                return known
            asked = [choice.organisation for choice in body.choices]
            partners = await season.partners_of(tx, found.event) if found else frozenset[UUID]()
            decided = decide_placement(hold.kept if hold else None, asked, partners, self._shop.times, tx.now)
            order = uuid4()
            back = return_address(body.return_url, self._shop.public_url, order)
            if isinstance(decided, Refused):
                return decided
            if back is None or hold is None:
                return Refused("wrong-return-url")
            await remember(tx, key, body_hash, order)
            new = _new(hold.event, order, body.hold, decided.value)
            await self._place(tx, new, body, decided.value, back)
            return order

    async def _place(
        self, tx: Work, new: orders.NewOrder, body: Checkout, placement: Placement, back: str
    ) -> None:
        """Everything of an order in one transaction, the payment's own key included; nobody is asked yet."""
        await holds.order_with(tx, new.event, new.hold, new.order, placement.kept_until)
        await orders.place(tx, new, tx.now)
        await self._name(tx, new, body)
        for choice in {choice.organisation: choice for choice in body.choices}.values():
            await _choose(tx, choice, body.locale)
        await tx.announce(OrderPlacedV1(subject=tx.actor.id, order=new.order))
        await payments.add(tx, new_payment(new, self._shop, back, body.locale), tx.now)

    async def _name(self, tx: Work, new: orders.NewOrder, body: Checkout) -> None:
        version = await orders.name_buyer(tx, new.event, new.order, tx.actor.id, body, tx.now)
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


def _new(event: UUID, order: UUID, hold: UUID, placement: Placement) -> orders.NewOrder:
    number = number_from(uuid4())
    return orders.NewOrder(event, order, number, hold, placement.total_cents, placement.vat_cents)


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
    new: orders.NewOrder, shop: ShopFacts, back: str, language: str, attempt: int = 1
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
    )
