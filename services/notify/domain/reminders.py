"""Whether what a letter about a wish would say is still true, and still asked for (G-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from services.notify.domain.messages import NAMESPACE

Fate = Literal["tell", "wait", "drop"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a letter is about to be sent: of the wish, of the person's tickets, of the event."""

    kind: str
    wished: bool
    has_ticket: bool
    nearly_full: bool
    up_to_date: bool
    starts_at: datetime | None
    ends_at: datetime | None


def fate_of(known: Known, now: datetime) -> Fate:
    """Tell it; wait for news of the event that the letter is about; or drop what nobody needs to hear.

    Nothing is told of an event that is over, to whoever has a ticket, or of what is wished for no more. A
    sale is worth telling until the event begins, and few places only while it is so.
    """
    if not known.wished or known.has_ticket:
        return "drop"
    if known.starts_at is None or known.ends_at is None or not known.up_to_date:
        return "wait"
    over = now >= (known.ends_at if known.kind == "moved" else known.starts_at)
    untrue = known.kind == "nearly_full" and not known.nearly_full
    return "drop" if over or untrue else "tell"


def reminder_id(kind: str, event: UUID, subject: UUID, change: int) -> UUID:
    """The id of the one letter of a kind about an event to a person; another date is another letter."""
    return uuid5(NAMESPACE, f"wish:{kind}:{event}:{subject}:{change}")
