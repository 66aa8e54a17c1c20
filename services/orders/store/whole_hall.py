"""All seats of an event as they stand to each other: what picking the best ones needs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.places import SeatFacts, Stock
from services.orders.domain.seating import SeatAt, Seating

# What is kept for nobody is not free to anybody; what is kept for the counter, to the counter alone.
ALL = """
SELECT s.seat_id, hs.label, hs.row_label, hs.x, hs.y, s.zone, s.kind,
    s.kept AND s.kept_for = 'counter' AS counter_only,
    s.hold_id IS NULL AND NOT (s.kept AND s.kept_for = 'nobody') AS free
FROM (SELECT *, kept_for IS NOT NULL AND (kept_until IS NULL OR kept_until > $2) AS kept FROM seat) AS s
JOIN event e USING (event_id)
JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = s.seat_id
WHERE s.event_id = $1
"""


async def stock_of_all(sql: Sql, event: UUID, standing_free: int, now: datetime) -> Stock:
    """The stock with every seat of the event."""
    rows = await sql.fetch(ALL, event, now)
    facts = {row["seat_id"]: SeatFacts(row["zone"], row["kind"], row["counter_only"]) for row in rows}
    return Stock(
        frozenset(facts),
        frozenset(row["seat_id"] for row in rows if row["free"]),
        standing_free,
        facts,
        seating=Seating.of(
            SeatAt(
                row["seat_id"],
                row["label"],
                row["row_label"],
                row["x"],
                row["y"],
                row["zone"],
                row["kind"],
            )
            for row in rows
        ),
        counter_only=frozenset(row["seat_id"] for row in rows if row["counter_only"]),
    )
