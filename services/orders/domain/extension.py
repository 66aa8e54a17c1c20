"""More time for places that are held, once; and the same places again after their time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from chassis.decision import Accepted, Refused
from services.orders.domain.checkout import KeptPlaces
from services.orders.domain.places import FOR_WHEELCHAIRS, Best, Line, SeatFacts, Wish

Pick = Literal["same", "best"]


def decide_extension(
    hold: KeptPlaces | None, hold_for: timedelta, now: datetime
) -> Accepted[datetime | None] | Refused:
    """Until when a hold is kept that asks for more time; None where it had that already (F-05).

    As long again as at first, once: never beyond twice that from now, whatever the clock did meanwhile, and
    never shorter than it was. Refusals: unknown-hold, hold-ordered, hold-released, hold-expired.
    """
    refused = over(hold, now)
    if refused is not None or hold is None:
        return refused or Refused("unknown-hold")
    if hold.extended:
        return Accepted(None)
    return Accepted(max(hold.expires_at, min(hold.expires_at, now + hold_for) + hold_for))


def over(hold: KeptPlaces | None, now: datetime) -> Refused | None:
    """Why places are not held any more, or None while they are."""
    if hold is None:
        return Refused("unknown-hold")
    if hold.state in ("ordered", "sold"):
        return Refused("hold-ordered")
    if hold.state == "released":
        return Refused("hold-released")
    return Refused("hold-expired") if hold.state == "expired" or now >= hold.expires_at else None


def wish_again(
    hold: UUID, lines: tuple[Line, ...], facts: Mapping[UUID, SeatFacts], code: str | None, pick: Pick
) -> Wish:
    """The wish for what a hold that is over had: the same seats, or as many that the house picks.

    Picked seats are of the zone that all were in. Whoever had a wheelchair place asks for one again. The
    same request again is the same hold.
    """
    seats = {line.seat: line.price for line in lines if line.seat}
    known = [facts[seat] for seat in seats if seat in facts]
    zones = {fact.zone for fact in known}
    best = Best(tuple(Counter(seats.values()).items()), zones.pop() if len(zones) == 1 else None)
    same = pick == "same" or not seats
    return Wish(
        uuid5(hold, f"again: {pick}"),
        "online",
        tuple(seats) if same else (),
        None,
        tuple(Counter(line.price for line in lines if line.seat is None).items()),
        seats if same else {},
        code,
        any(fact.kind in FOR_WHEELCHAIRS for fact in known),
        None if same else best,
    )
