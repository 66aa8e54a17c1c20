"""What the door answers to a code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from services.orders.domain.ticket_code import Read

Reason = Literal[
    "welcome", "already_admitted", "other_event", "voided", "not_paid", "unknown_ticket", "forged"
]


def before_looking(read: Read | None, event: UUID) -> Reason | None:
    """Why a code is refused without looking it up, or None where the ticket itself decides."""
    if read is None:
        return "forged"
    return "other_event" if read.event != event else None


def after_trying(admitted_now: bool, state: str | None, barred: bool = False) -> Reason:
    """The answer after the one attempt to admit; `state` is the ticket's, None where there is none.

    `barred`: its order was charged back. Who is in by then stays in.
    """
    if admitted_now:
        return "welcome"
    if state is None:
        return "unknown_ticket"
    if state == "voided":
        return "voided"
    return "not_paid" if barred and state == "issued" else "already_admitted"


def once(scanned: Iterable[UUID]) -> list[bool]:
    """For each of several scans whether it is the first of its ticket: only that one can let in."""
    seen: set[UUID] = set()
    first = []
    for ticket in scanned:
        first.append(ticket not in seen)
        seen.add(ticket)
    return first
