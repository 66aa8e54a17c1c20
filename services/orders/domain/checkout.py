"""From kept places to an order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from services.orders.domain.places import Line

# A path and nothing more: a query or a fragment could carry somebody's data to the payment provider (W-34).
RETURN_PATH = re.compile(r"(/[A-Za-z0-9_.~-]+|/\{order\})*/?")
ORDER_PLACE = "{order}"
NOT_COUNTED = Refused("checkouts-at-once")


@dataclass(frozen=True, slots=True)
class KeptPlaces:
    """A hold as it stands: `state`, when it ends, and whether that was put off once."""

    state: str
    expires_at: datetime
    lines: tuple[Line, ...]
    extended: bool = False


@dataclass(frozen=True, slots=True)
class PaymentTimes:
    """How long a payment may take, how much longer its places are kept, and the longest time of all tries."""

    window: timedelta
    grace: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Placement:
    """An order that may be placed: what it costs, and until when its places are kept for paying."""

    total_cents: int
    vat_cents: int
    kept_until: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a checkout finds: its hold, who presents the event too, and what is known of the buyer.

    `labels` are what is written on the seats of the hold; `version` is that of what is known of the buyer,
    1 for somebody new, and accounts numbers on. Where a purchase limit stands (`limited`), `claim` is the
    latest checkout that these places were counted for.
    """

    event: UUID
    kept: KeptPlaces
    labels: Mapping[UUID, str]
    partners: frozenset[UUID]
    forgotten: bool
    version: int
    limited: bool = False
    claim: UUID | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkout as it came: the hold that is to be ordered, and the organisations that choices are about.

    `claim`: that its places were counted for a purchase limit.
    """

    hold: UUID
    choices: frozenset[UUID] = frozenset()
    claim: UUID | None = None


def decide_placements(
    asked: Sequence[Asked], found: Sequence[Found | None], times: PaymentTimes, now: datetime
) -> list[Accepted[Placement] | Refused]:
    """One outcome per checkout of a batch, in the order in which they came: a hold is ordered once.

    Refusals: unknown-hold, person-forgotten, hold-expired, hold-released, hold-ordered, unknown-partner;
    checkouts-at-once where a limit stands and this checkout is not the one that was counted last.
    """
    ordered: set[UUID] = set()
    outcomes: list[Accepted[Placement] | Refused] = []
    for one, seen in zip(asked, found, strict=True):
        outcome = Refused("hold-ordered") if one.hold in ordered else _placement(one, seen, times, now)
        if isinstance(outcome, Accepted):
            ordered.add(one.hold)
        outcomes.append(outcome)
    return outcomes


def _placement(
    asked: Asked, found: Found | None, times: PaymentTimes, now: datetime
) -> Accepted[Placement] | Refused:
    if found is None:
        return Refused("unknown-hold")
    if found.forgotten:
        return Refused("person-forgotten")
    hold = found.kept
    if hold.state in ("ordered", "sold"):
        return Refused("hold-ordered")
    if hold.state == "released":
        return Refused("hold-released")
    if hold.state == "expired" or now >= hold.expires_at:
        return Refused("hold-expired")
    if not asked.choices <= found.partners:
        return Refused("unknown-partner")
    if found.limited and (asked.claim is None or asked.claim != found.claim):
        return NOT_COUNTED
    total = sum(line.cents for line in hold.lines)
    vat = sum(line.vat_cents for line in hold.lines)
    return Accepted(Placement(total, vat, kept_until(now, now, None, times)))


def decide_release(hold: KeptPlaces | None) -> Accepted[bool] | Refused:
    """Whether places are given back: True frees them, False where they are free already; `unknown-hold`,
    `hold-ordered`."""
    if hold is None:
        return Refused("unknown-hold")
    if hold.state in ("ordered", "sold"):
        return Refused("hold-ordered")
    return Accepted(hold.state == "held")


def kept_until(
    placed_at: datetime, now: datetime, provider_ends: datetime | None, times: PaymentTimes
) -> datetime:
    """Places outlive the payment by the grace, so that who pays in the last second still sits (W-06).

    No series of tries keeps places longer than the longest time and its grace.
    """
    ends = provider_ends or now + times.window
    return min(ends, placed_at + times.longest) + times.grace


def return_address(wanted: str, public_url: str, order: UUID) -> str | None:
    """Where the buyer comes back to: an address of this house, `{order}` filled in; None for any other."""
    house = public_url.rstrip("/")
    path = wanted.removeprefix(house)
    if not wanted.startswith(house) or not RETURN_PATH.fullmatch(path):
        return None
    return house + path.replace(ORDER_PLACE, str(order))
