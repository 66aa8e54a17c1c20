"""How many places of each event that is on sale are still free online."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql

# $1 is now. Holds count as taken; what is kept for the counter or for nobody is neither free nor a place.
COUNTED = """
SELECT e.event_id, e.nearly_full, s.standing_capacity + seats.places - kept.standing AS places,
    greatest(s.standing_capacity - s.standing_taken - kept.standing, 0) + seats.free AS free
FROM event e JOIN stock s USING (event_id)
CROSS JOIN LATERAL (
    SELECT CASE WHEN e.counter_until <= $1 THEN 0 ELSE e.counter_standing END AS standing
) kept
CROSS JOIN LATERAL (
    SELECT count(*) AS places, count(*) FILTER (WHERE seat.hold_id IS NULL) AS free FROM seat
    WHERE seat.event_id = e.event_id AND (seat.kept_for IS NULL OR seat.kept_until <= $1)
) seats
WHERE e.state = 'on_sale' AND e.on_sale_from <= $1 AND e.starts_at > $1
"""
# The other replica may have told it at the same moment: only one of them changes the row.
TELL = """
UPDATE event SET nearly_full = $2, availability_version = availability_version + 1
WHERE event_id = $1 AND nearly_full <> $2 RETURNING availability_version
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """An event with its places, the free ones, and what was told of it."""

    event: UUID
    places: int
    free: int
    nearly_full: bool


async def counted(sql: Sql, now: datetime) -> Sequence[Counted]:
    """Every event that is on sale now."""
    return [
        Counted(row["event_id"], row["places"], row["free"], row["nearly_full"])
        for row in await sql.fetch(COUNTED, now)
    ]


async def tell(sql: Sql, event: UUID, nearly_full: bool) -> int | None:
    """Note what is told of an event: the number of this change, or None where it was told already."""
    found: int | None = await sql.fetchval(TELL, event, nearly_full)
    return found
