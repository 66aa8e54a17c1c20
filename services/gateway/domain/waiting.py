"""The waiting room of one event: who goes in at once, who is called, how long it takes (F-73).

Everybody who cannot go in at once gets a place, a number that only grows; `called` is the last number that
was called. So the number of people ahead is a subtraction, and nobody overtakes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

BURST = timedelta(seconds=2)
"""A room that was quiet lets in at once what its rate allows in this time."""
SOON_MEASURED = timedelta(seconds=5)
REMEMBERED = timedelta(seconds=60)


@dataclass(frozen=True)
class Limits:
    """What the house allows: admissions a second (floor, ceiling), people who choose at the same time.

    `turn` is how long an admitted person has, `extensions` how often they may ask for that again, `lobby` how
    long before a sale people may wait for it, `slow` the answer of orders that counts as too late.
    """

    floor: float
    ceiling: float
    choosing: int
    turn: timedelta
    extensions: int
    lobby: timedelta
    slow: timedelta

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Limits:
        """The table `waiting_room` of house.toml; ValueError where it could never let anybody in."""
        limits = cls(
            floor=float(table["floor"]),
            ceiling=float(table["ceiling"]),
            choosing=int(table["choosing"]),
            turn=timedelta(minutes=table["turn_minutes"]),
            extensions=int(table["extensions"]),
            lobby=timedelta(minutes=table["lobby_minutes"]),
            slow=timedelta(milliseconds=table["slow_ms"]),
        )
        if not 0 < limits.floor <= limits.ceiling or limits.choosing < 1 or limits.turn <= timedelta(0):
            raise ValueError("a waiting room lets somebody in: 0 < floor <= ceiling, choosing and turn > 0")
        return limits


@dataclass(frozen=True)
class Room:
    """One event's room as it was last counted at `counted_at`.

    `credit` is how many may go in at once; `paced` people were called since `paced_since`.
    """

    event: UUID
    opens_at: datetime
    drawn: bool
    places: int
    called: int
    counted_at: datetime
    credit: float
    paced_since: datetime
    paced: float

    @property
    def waiting(self) -> int:
        """How many places were given and not called."""
        return self.places - self.called

    def ahead(self, place: int) -> int:
        """How many are called before this place, itself left out."""
        return max(0, place - self.called - 1)

    def counted(self, now: datetime, rate: float) -> Room:
        """The room at `now`, with the credit that came since at `rate` a second."""
        most = max(1.0, rate * BURST.total_seconds())
        came = rate * max(0.0, (now - self.counted_at).total_seconds())
        return replace(self, counted_at=max(now, self.counted_at), credit=min(most, self.credit + came))


def opened(event: UUID, opens_at: datetime, now: datetime) -> Room:
    """A room that was quiet until now; before the sale the places will be drawn, after it they are given."""
    return Room(event, opens_at, now >= opens_at, 0, 0, now - BURST, 0.0, now, 0.0)


def let_in(room: Room, free: int, wishes: int) -> tuple[Room, int]:
    """How many of `wishes` newcomers go in at once; the others get the next places, in their order.

    `free` is how many more may choose now. Nobody goes in before those who wait already.
    """
    going = 0 if room.waiting or not room.drawn else min(wishes, _may_go(room, free))
    staying = wishes - going if room.drawn else 0
    begins = room.waiting == 0 and staying > 0
    return replace(
        room,
        credit=room.credit - going,
        places=room.places + staying,
        paced_since=room.counted_at if begins else room.paced_since,
        paced=0.0 if begins else room.paced,
    ), going


def may_call(room: Room, free: int) -> int:
    """How many of those who wait may be called now."""
    return min(room.waiting, _may_go(room, free)) if room.drawn else 0


def call(room: Room, wanted: int, standing: Sequence[int]) -> Room:
    """The room after the places `standing` were called: the next `wanted` ones whose people are still there.

    Where fewer stand than were wanted, everybody behind has left, and the places end with them.
    """
    last = room.places if len(standing) < wanted else (standing[-1] if standing else room.called)
    since, paced = room.paced_since, room.paced + len(standing)
    if room.counted_at - since > REMEMBERED:
        since, paced = since + (room.counted_at - since) / 2, paced / 2
    return replace(room, called=last, credit=room.credit - len(standing), paced_since=since, paced=paced)


def take_draw(room: Room, early: int) -> Room:
    """The room once the places 1 to `early` were drawn; the sale begins with one moment's credit."""
    return replace(
        room, drawn=True, places=early, called=0, credit=1.0, paced_since=room.counted_at, paced=0.0
    )


def seconds_until(room: Room, place: int, now: datetime) -> float | None:
    """How long a place still waits at the pace that was measured; None while too little was seen to say."""
    measured = (now - room.paced_since).total_seconds()
    if measured < SOON_MEASURED.total_seconds() or room.paced < 1:
        return None
    return (room.ahead(place) + 1) * measured / room.paced


def in_minutes(seconds: float) -> int:
    """A waiting time as people say it: whole minutes, fives above ten, quarters above an hour; never less."""
    minutes = max(1, ceil(seconds / 60))
    step = 1 if minutes <= 10 else 5 if minutes <= 60 else 15
    return ceil(minutes / step) * step


def ask_again_in(seconds: float | None) -> int:
    """After how many seconds a page asks again: soon near the turn, seldom far from it."""
    return 5 if seconds is None else max(3, min(20, round(seconds / 10)))


def _may_go(room: Room, free: int) -> int:
    return max(0, min(int(room.credit), free))
