"""Money that leaves again: refunds until they arrived, and what a buyer's bank takes back (G-12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from services.orders.domain.payment import ChargebackSeen, RefundSeen

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)
ARRIVED = "refunded"
# The provider's words for a refund that it took up and that came to nothing.
CAME_TO_NOTHING = frozenset(("failed", "canceled"))


def pause_after(tries: int) -> timedelta:
    """How long to wait after a number of refusals: a minute, then four times as long, a day at most.

    A provider without balance has some again one day, so nothing that is owed is ever given up.
    """
    times: int = 4 ** min(max(tries - 1, 0), 8)
    return min(FIRST_PAUSE * times, LONGEST_PAUSE)


def refund_follows(state: str, reported: str) -> Literal["nothing", "settled", "again"]:
    """What a report means for a refund that was sent; for any other it means nothing. Safe to repeat."""
    if state != "sent":
        return "nothing"
    if reported == ARRIVED:
        return "settled"
    return "again" if reported in CAME_TO_NOTHING else "nothing"


def made_before(cents: int, seen: Sequence[RefundSeen]) -> str | None:
    """The provider's id of a refund of so much that stands there already, or None.

    Its answer was lost for longer than the provider knows a key, or somebody gave the money back by hand.
    """
    stands = (one for one in seen if one.state not in CAME_TO_NOTHING and one.cents == cents)
    return next((one.provider_id for one in stands), None)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What follows from the chargebacks of a payment: those that are new, those that were reversed since, and
    the states of payment and order after them."""

    new: tuple[ChargebackSeen, ...]
    reversed: tuple[ChargebackSeen, ...]
    payment: str
    order: str


def decide_chargebacks(
    payment: str,
    order: str,
    bought: bool,
    known: Mapping[str, bool],
    seen: Sequence[ChargebackSeen],
    given_back: bool = False,
) -> TakenBack:
    """What the provider's list of chargebacks changes; `known` says of each whether it was reversed.

    `bought` is whether this payment bought the order: a chargeback of one that goes back anyway is noted,
    and concerns no ticket. `given_back`: its refund arrived, so that it is not paid after a reversal either.
    Safe to repeat, in any order: what was reversed does not come back.
    """
    gone = {one for one, was_reversed in known.items() if was_reversed}
    back = tuple(one for one in seen if one.reversed and one.provider_id not in gone)
    gone |= {one.provider_id for one in back}
    out = bool({*known, *(one.provider_id for one in seen)} - gone)
    fresh = tuple(one for one in seen if one.provider_id not in known)
    money = _moved(payment, out, "refunded" if given_back else "paid")
    return TakenBack(fresh, back, money, _moved(order, out) if bought else order)


def _moved(state: str, out: bool, otherwise: str = "paid") -> str:
    if state not in ("paid", "charged_back"):
        return state
    return "charged_back" if out else otherwise
