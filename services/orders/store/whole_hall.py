"""All seats of an event as they stand to each other: what picking the best ones needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.seating import SeatAt, Seating

SEATS = """
SELECT s.seat_id, hs.label, hs.row_label, hs.x, hs.y, s.zone, s.kind FROM seat s JOIN event e USING (event_id)
JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = s.seat_id WHERE s.event_id = $1
"""
# What is kept for nobody is not free to anybody; what is kept for the counter, to the counter alone. It is
# one row, for a hall has thousands of seats.
FREE = """
SELECT count(*) AS seats,
    array_agg(seat_id) FILTER (WHERE hold_id IS NULL AND NOT (kept AND kept_for = 'nobody')) AS free,
    array_agg(seat_id) FILTER (WHERE kept AND kept_for = 'counter') AS counter_only
FROM (SELECT *, kept_for IS NOT NULL AND (kept_until IS NULL OR kept_until > $2) AS kept FROM seat) AS seat
WHERE event_id = $1
"""


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """How many seats an event has, which are free, and which of all are the counter's."""

    seats: int
    free: frozenset[UUID]
    counter_only: frozenset[UUID]


async def seating_of(sql: Sql, event: UUID) -> Seating:
    """The hall of an event."""
    names = ("seat_id", "label", "row_label", "x", "y", "zone", "kind")
    return Seating.of(SeatAt(*(row[name] for name in names)) for row in await sql.fetch(SEATS, event))


async def free_seats(sql: Sql, event: UUID, now: datetime) -> FreeSeats:
    """Which seats of an event are free."""
    row = await sql.fetchrow(FREE, event, now)
    assert row is not None, "a count always gives a row"
    return FreeSeats(row["seats"], frozenset(row["free"] or ()), frozenset(row["counter_only"] or ()))
