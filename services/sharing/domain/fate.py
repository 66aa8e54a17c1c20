"""What becomes of a delivery after a try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from services.sharing.domain.message import Kind

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=30)
"""After this long a recipient that never answered is given up; a recall was said to be overdue by then."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a recipient answered: an HTTP status, or None where no answer came; whether it acknowledged."""

    status: int | None
    acknowledged: bool = False

    @property
    def taken(self) -> bool:
        """Whether the message was taken."""
        return self.status is not None and 200 <= self.status < 300


class Settled(Enum):
    """A delivery that is over: its state in the table."""

    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Again:
    """Try again at an instant."""

    at: datetime


def after(reply: Reply, kind: Kind, attempts: int, created_at: datetime, now: datetime) -> Settled | Again:
    """What follows an answer. A recall is over when it is acknowledged, not when it was merely received."""
    if reply.taken and reply.acknowledged and kind is not Kind.REGISTERED:
        return Settled.ACKNOWLEDGED
    if reply.taken and kind is not Kind.ERASED:
        return Settled.DELIVERED
    if now - created_at >= PATIENCE:
        return Settled.FAILED
    return Again(now + pause_after(attempts))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after a number of tries: 2 s, 4 s, 8 s … one hour at most."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)
