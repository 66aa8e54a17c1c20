"""Checkout: kept places become an order, and a person stands beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from chassis.context import trail
from chassis.decision import Refused
from chassis.idempotency import hash_of
from chassis.routes import Call
from chassis.wordings import fits
from chassis.writers import Writers
from contracts.actors import Actor
from contracts.orders.api import Checkout, Order
from services.orders.domain.checkout import NOT_COUNTED, PaymentTimes, return_address
from services.orders.domain.payment import TAKES_DAYS, PaymentWish
from services.orders.handlers.claim_places import ClaimPlaces
from services.orders.handlers.keys import MISSING
from services.orders.handlers.show_order import ShowOrders
from services.orders.handlers.take_orders import Checked, Outcome
from services.orders.handlers.take_payment import Cashier
from services.orders.store.orders import NewOrder
from services.orders.store.payments import PaymentRow
from services.orders.store.placing import KeyedCheckout

CLAIMS = 3
"""How often another checkout of the same places may come in between."""


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What every order of this house has in common."""

    public_url: str
    webhook_url: str
    currency: str
    times: PaymentTimes


class PlaceOrder:
    """POST /orders. A repetition finds its order by its key and goes on where the first one stopped."""

    def __init__(
        self,
        shop: ShopFacts,
        writers: Writers[None, Checked, Outcome],
        claim: ClaimPlaces,
        cashier: Cashier,
        show: ShowOrders,
    ) -> None:
        self._shop = shop
        self._writers = writers
        self._claim = claim
        self._cashier = cashier
        self._show = show

    async def __call__(self, call: Call) -> Order | Refused:
        """The order of the body's hold; refusals of domain/checkout.py and claim_places.py, those of keys,
        wrong-return-url, payment-takes-days."""
        if call.idempotency_key is None:
            return MISSING
        typed: Checkout = call.body
        order = uuid4()
        back = return_address(typed.return_url, self._shop.public_url, order)
        if back is None:
            return Refused("wrong-return-url")
        if typed.method in TAKES_DAYS:
            return Refused("payment-takes-days")
        if not all(
            fits(one.wording, one.purpose, "given" if one.given else "refused") for one in typed.choices
        ):
            return Refused("wording-unknown")
        asked = KeyedCheckout(call.actor.id, call.idempotency_key, hash_of(typed), typed)
        outcome = await self._within_limits(call.actor, Checked(asked, order, back, trail()))
        if isinstance(outcome, Refused):
            return outcome
        if isinstance(outcome, UUID):
            await self._cashier.begin_last(outcome)
            return await self._show.show(call.actor, outcome)
        answer = await self._cashier.begin(outcome.payment)
        # Where the provider waits for the buyer nothing else can have happened: shown as it was written.
        shown = await self._show.placed(outcome, answer) if answer else None
        return shown or await self._show.show(call.actor, outcome.order.order)

    async def _within_limits(self, buyer: Actor, checked: Checked) -> Outcome:
        """Where a purchase limit stands, places are counted first; everywhere else nobody is."""
        outcome = await self._writers.submit(None, checked)
        for _ in range(CLAIMS):
            if outcome != NOT_COUNTED:
                break
            typed = checked.asked.typed
            claim = await self._claim(buyer, typed.hold, typed.email)
            if isinstance(claim, Refused):
                return claim
            counted = replace(checked, asked=replace(checked.asked, claim=claim))
            outcome = await self._writers.submit(None, counted)
        return outcome


def new_payment(
    shop: ShopFacts,
    new: NewOrder,
    buyer: UUID,
    back: str,
    language: str,
    method: str | None = None,
    attempt: int = 1,
) -> PaymentRow:
    """A try to pay as it is written down; what costs nothing asks no provider."""
    free = new.total_cents == 0
    wish = PaymentWish(
        new.order, new.number, new.total_cents, shop.currency, back, shop.webhook_url, language, method
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
