"""Which places of an event are free, in few bytes: what a page asks again while it is looked at (F-01)."""

from __future__ import annotations

from contracts.envelope import Model
from contracts.orders.api import EventDetail, EventState


class Availability(Model):
    """Free places, a second old at most: `seats` has a sign for each of EventDetail.seats, 1 free, 0 not."""

    state: EventState
    seats: str
    standing_free: int | None


def availability_of(detail: EventDetail) -> Availability:
    """What of an event changes while people buy."""
    seats = "".join("1" if seat.free else "0" for seat in detail.seats)
    return Availability(state=detail.event.state, seats=seats, standing_free=detail.standing_free)
