"""From kept places to an order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from services.orders.domain.places import Line

# A path and nothing more: a query or a fragment could carry somebody's data to the payment provider (W-34).
RETURN_PATH = re.compile(r"(/[A-Za-z0-9_.~-]+|/\{order\})*/?")
ORDER_PLACE = "{order}"


@dataclass(frozen=True, slots=True)
class KeptPlaces:
    """A hold as it stands: `state` and when it ends."""

    state: str
    expires_at: datetime
    lines: tuple[Line, ...]


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


def decide_placement(
    hold: KeptPlaces | None,
    asked: Iterable[UUID],
    partners: Collection[UUID],
    times: PaymentTimes,
    now: datetime,
) -> Accepted[Placement] | Refused:
    """Whether a hold becomes an order; `asked` are the organisations that choices were made about.

    Refusals: unknown-hold, hold-expired, hold-released, hold-ordered, unknown-partner.
    """
    if hold is None:
        return Refused("unknown-hold")
    if hold.state in ("ordered", "sold"):
        return Refused("hold-ordered")
    if hold.state == "released":
        return Refused("hold-released")
    if hold.state == "expired" or now >= hold.expires_at:
        return Refused("hold-expired")
    if not set(asked) <= set(partners):
        return Refused("unknown-partner")
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
