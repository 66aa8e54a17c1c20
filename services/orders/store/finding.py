"""Orders as the counter finds them: by number, payment reference or address; nobody's name is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.sending_again import Mailed, Sought

MOST = 50
FOUND = """
SELECT o.event_id, o.order_id, o.number, o.state, o.placed_at, n.subject_id,
    o.channel = 'counter' AS at_counter,
    (SELECT count(*) FROM ticket t WHERE t.event_id = o.event_id AND t.order_id = o.order_id
        AND t.state <> 'voided') AS tickets
FROM placed_order o LEFT JOIN order_person n USING (event_id, order_id)
"""
NEWEST = f" ORDER BY o.placed_at DESC, o.order_id LIMIT {MOST}"
BY_NUMBER = "WHERE o.number = $1"
BY_PAYMENT = """
WHERE (o.event_id, o.order_id) IN (SELECT event_id, order_id FROM payment WHERE provider_id = $1)
"""
BY_EMAIL = "WHERE n.email_key = $1"
# Made before it is locked, so that two at once wait for each other the first time, too.
BEGUN = """
INSERT INTO ticket_mailing (event_id, order_id, times, last_at) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING
"""
LOCKED = """
SELECT m.times, m.last_at, e.ends_at FROM ticket_mailing m JOIN event e USING (event_id)
WHERE m.event_id = $1 AND m.order_id = $2 FOR UPDATE OF m
"""
NOTED = "UPDATE ticket_mailing SET times = $3, last_at = $4 WHERE event_id = $1 AND order_id = $2"


@dataclass(frozen=True, slots=True)
class FoundRow:
    """An order that was found; `owner` is None where no name belongs to it (any more)."""

    event: UUID
    order: UUID
    number: str
    state: str
    placed_at: datetime
    owner: UUID | None
    tickets: int
    at_counter: bool


async def found(sql: Sql, sought: Sought) -> list[FoundRow]:
    """The newest fifty orders that fit."""
    wanted = (
        (BY_NUMBER, sought.number)
        if sought.number
        else (BY_PAYMENT, sought.payment)
        if sought.payment
        else (BY_EMAIL, sought.email)
    )
    return [_found(row) for row in await sql.fetch(FOUND + wanted[0] + NEWEST, wanted[1])]


async def mailed_before(sql: Sql, event: UUID, order: UUID, now: datetime) -> Mailed:
    """How often the tickets of an order were sent again, locked until this transaction ends."""
    await sql.execute(BEGUN, event, order, now)
    row = await sql.fetchrow(LOCKED, event, order)
    assert row is not None, "it was just made"
    return Mailed(row["times"], row["last_at"], row["ends_at"])


async def note_mailed(sql: Sql, event: UUID, order: UUID, times: int, now: datetime) -> None:
    """Note that tickets were sent again."""
    await sql.execute(NOTED, event, order, times, now)


def _found(row: Any) -> FoundRow:
    return FoundRow(
        row["event_id"],
        row["order_id"],
        row["number"],
        row["state"],
        row["placed_at"],
        row["subject_id"],
        row["tickets"],
        row["at_counter"],
    )
