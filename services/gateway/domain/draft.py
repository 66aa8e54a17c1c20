"""What a guest is busy with: a hold, who the buyer will be, and what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Typed:
    """What a guest typed at checkout, as it was typed: kept so that nothing is lost (F-05)."""

    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""


@dataclass(frozen=True)
class Draft:
    """A checkout that is going on. `subject` is the buyer-to-be: fixed with the hold, so that a repeated
    checkout is the same person's and the same order."""

    hold: UUID
    session_hash: bytes
    subject: UUID
    event_slug: str
    places: int
    held_until: datetime
    typed: Typed

    def places_held(self, now: datetime) -> int:
        """How many places the basket holds; none once they were ordered or their time is over."""
        return self.places if now < self.held_until else 0
