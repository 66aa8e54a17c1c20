"""What the door answers to a code."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from services.orders.domain.ticket_code import Read

Reason = Literal["welcome", "already_admitted", "other_event", "voided", "unknown_ticket", "forged"]


def before_looking(read: Read | None, event: UUID) -> Reason | None:
    """Why a code is refused without looking it up, or None where the ticket itself decides."""
    if read is None:
        return "forged"
    return "other_event" if read.event != event else None


def after_trying(admitted_now: bool, state: str | None) -> Reason:
    """The answer after the one attempt to admit; `state` is the ticket's, None where there is none."""
    if admitted_now:
        return "welcome"
    if state is None:
        return "unknown_ticket"
    return "voided" if state == "voided" else "already_admitted"
