"""What one visitor has in the waiting room of one event (F-73)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Literal
from uuid import UUID

from services.gateway.domain.waiting import Room, ask_again_in, in_minutes, seconds_until

State = Literal["early", "waiting", "in", "over"]


@dataclass(frozen=True)
class Ticket:
    """A ticket of a session for an event.

    `place` is None before the draw, and for who went in at once; `until` is the end of the turn, None before.
    """

    session_hash: bytes
    number: UUID
    place: int | None
    until: datetime | None
    extensions: int

    def state(self, now: datetime) -> State:
        """Waiting for the draw, in line, in, or past its turn."""
        if self.until is not None:
            return "in" if now < self.until else "over"
        return "early" if self.place is None else "waiting"


@dataclass(frozen=True)
class Standing:
    """How a ticket stands: who is ahead, in about how many minutes, and when to ask again (seconds).

    `minutes` is None while nothing was measured. `called` says whether the turn came after waiting.
    """

    state: State
    number: UUID
    ahead: int
    minutes: int | None
    again: int
    until: datetime | None
    called: bool
    may_extend: bool


def standing(
    ticket: Ticket, room: Room | None, opens_at: datetime, now: datetime, extensions: int
) -> Standing:
    """A ticket as it stands in its room; without a room nobody is ahead."""
    state = ticket.state(now)
    ahead, seconds = 0, None
    if room is not None and ticket.place is not None and state == "waiting":
        ahead, seconds = room.ahead(ticket.place), seconds_until(room, ticket.place, now)
    return Standing(
        state,
        ticket.number,
        ahead,
        None if seconds is None else in_minutes(seconds),
        _until_draw(ticket, opens_at, now) if state == "early" else ask_again_in(seconds),
        ticket.until,
        ticket.place is not None,
        ticket.extensions < extensions,
    )


def _until_draw(ticket: Ticket, opens_at: datetime, now: datetime) -> int:
    """Seconds; everybody a little apart, so that not all ask in the second of the draw."""
    apart = 1 + ticket.number.int % 5
    return min(20, max(0, ceil((opens_at - now).total_seconds())) + apart)
