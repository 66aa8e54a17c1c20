"""Names on tickets: when they can be written, and which of them are news."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from chassis.decision import Accepted, Refused

Names = Mapping[UUID, str | None]
"""The name on each ticket; None where there is none."""


def is_open(state: str, ends_at: datetime, now: datetime) -> bool:
    """Whether names can be written: there are tickets, and the evening is not over."""
    return state == "paid" and now < ends_at


def decide_names(before: Names, wanted: Names, *, open_now: bool) -> Accepted[Names] | Refused:
    """The names that change. `before` holds every ticket of the order.

    Refusals: names-closed, ticket-not-of-order.
    """
    if not open_now:
        return Refused("names-closed")
    if wanted.keys() - before.keys():
        return Refused("ticket-not-of-order")
    return Accepted({ticket: name for ticket, name in wanted.items() if name != before[ticket]})
