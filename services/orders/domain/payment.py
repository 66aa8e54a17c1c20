"""What a payment is asked for, what the provider says of it, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.decision import Accepted, Refused
from services.orders.domain.states import PAYMENT, move

LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
# States in which the provider still waits for the buyer or the bank.
UNDECIDED = frozenset(("open", "pending", "authorized"))
# Money that comes days after its places were free again would only be given back.
TAKES_DAYS = frozenset(("banktransfer",))
# Who lends the money asks for name and address of the buyer, which no provider gets of us (W-34).
ON_CREDIT = frozenset(
    ("klarna", "klarnapaylater", "klarnapaynow", "klarnasliceit", "in3", "billie", "riverty")
)


@dataclass(frozen=True, slots=True)
class PaymentWish:
    """All that the provider is told (W-34, G-12): amount, number, ways back, language, method; no person."""

    order: UUID
    number: str
    cents: int
    currency: str
    return_url: str
    webhook_url: str
    language: str
    method: str | None = None

    def request(self) -> dict[str, object]:
        """The body of the provider's request, in the words of Mollie's API v2."""
        return {
            "amount": {"currency": self.currency, "value": f"{self.cents // 100}.{self.cents % 100:02d}"},
            "description": self.number,
            "redirectUrl": self.return_url,
            "webhookUrl": self.webhook_url,
            "locale": LOCALES[self.language],
            "metadata": {"order": str(self.order)},
            **({"method": self.method} if self.method else {}),
        }


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """What the provider says of money on its way back: its own word for the state, and the amount."""

    provider_id: str
    state: str
    cents: int


@dataclass(frozen=True, slots=True)
class ChargebackSeen:
    """Money that the buyer's bank took back, and whether it came again."""

    provider_id: str
    cents: int
    reversed: bool


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """What the provider says of a payment now, and of the money that left it again."""

    provider_id: str
    state: str
    cents: int
    checkout_url: str | None
    expires_at: datetime | None
    refunds: tuple[RefundSeen, ...] = ()
    chargebacks: tuple[ChargebackSeen, ...] = ()


Reason = Literal["late", "double", "other_amount"]
Verdict = Literal["nothing", "issue", "give_back", "try_again"]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a report of the provider means: the payment's new state, what to do for the order, and why not."""

    state: str
    verdict: Verdict
    reason: Reason = "late"


def settle(
    payment: str, order: str, hold: str, reported: str, *, asked_for: bool = True, free: bool = False
) -> Accepted[Settlement] | Refused:
    """What follows from a report, from the states of the payment, its order and its hold. Safe to repeat.

    Money for an order that is paid already, or whose places are gone, is given back, and so is an amount that
    nobody asked for (`asked_for`). What is `free` and comes too late owes nothing. Refusal: no-such-move.
    """
    if reported in UNDECIDED:
        return Accepted(Settlement(payment, "nothing"))
    if reported == "paid" and payment in ("refunded", "charged_back"):
        # The provider goes on saying "paid" of a payment whose money went back.
        return Accepted(Settlement(payment, "nothing"))
    moved = move(PAYMENT, payment, reported)
    if isinstance(moved, Refused):
        return moved
    if not moved.value:
        return Accepted(Settlement(payment, "nothing"))
    if reported != "paid":
        return Accepted(Settlement(reported, "try_again" if order == "placed" else "nothing"))
    kept = order == "placed" and hold == "ordered"
    if free and not kept:
        return Accepted(Settlement("expired", "nothing"))
    if kept and asked_for:
        return Accepted(Settlement("paid", "issue"))
    return Accepted(Settlement("paid", "give_back", _why_back(order, kept)))


def _why_back(order: str, kept: bool) -> Reason:
    if order in ("paid", "charged_back"):
        return "double"
    return "other_amount" if kept else "late"


@dataclass(frozen=True, slots=True)
class Report:
    """What the provider says of a payment now; `asked_for` where it speaks of the amount that was asked.

    `free`: that nothing was to be paid, and no provider was asked.
    """

    payment: UUID
    order: UUID
    state: str
    asked_for: bool = True
    free: bool = False


def settle_all(
    reports: Iterable[Report], payments: Mapping[UUID, str], orders: Mapping[UUID, tuple[str, str]]
) -> list[Accepted[Settlement] | Refused]:
    """One outcome per report of a batch, in order; later ones see what earlier ones did.

    `payments` and `orders` are the states of payments, and of orders with their holds, before the batch.
    """
    money, sold = dict(payments), dict(orders)
    outcomes: list[Accepted[Settlement] | Refused] = []
    for one in reports:
        states = money[one.payment], *sold[one.order], one.state
        outcome = settle(*states, asked_for=one.asked_for, free=one.free)
        if isinstance(outcome, Accepted):
            money[one.payment] = outcome.value.state
            if outcome.value.verdict == "issue":
                sold[one.order] = ("paid", "sold")
        outcomes.append(outcome)
    return outcomes


def decide_new_try(
    order: str, hold: str, expires_at: datetime, open_payment: bool, now: datetime
) -> Accepted[bool] | Refused:
    """Whether a new payment is begun: False where one is open already, or the order is paid.

    Refusal: places-lost.
    """
    if order == "paid":
        return Accepted(False)
    if order != "placed" or hold != "ordered" or now >= expires_at:
        return Refused("places-lost")
    return Accepted(not open_payment)
