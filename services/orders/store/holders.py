"""Rows of names on tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.work import Sql
from services.orders.store.limits import FORGET

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('holders/' || $1, 0))"
OF_ORDER = "SELECT ticket_id, name, version FROM ticket_holder WHERE order_id = $1"
# A row that a policy hides cannot be changed by ON CONFLICT: first what is new, then what was there.
ADD = """
INSERT INTO ticket_holder (event_id, order_id, subject_id, version, ends_on, ticket_id, name)
SELECT $1, $2, $3, $4, $5, u.* FROM unnest($6::uuid[], $7::text[]) AS u ON CONFLICT DO NOTHING
"""
RENAME = """
UPDATE ticket_holder h SET name = u.name, version = $3
FROM unnest($4::uuid[], $5::text[]) AS u (ticket_id, name)
WHERE h.event_id = $1 AND h.order_id = $2 AND h.ticket_id = u.ticket_id
"""


@dataclass(frozen=True, slots=True)
class Named:
    """An order whose tickets get names, its buyer, and the last day of its event."""

    event: UUID
    order: UUID
    subject: UUID
    last_day: date


async def lock(sql: Sql, order: UUID) -> None:
    """Nobody else writes names of this order until the transaction ends."""
    await sql.execute(LOCK, str(order))


async def of_order(sql: Sql, order: UUID) -> tuple[dict[UUID, str | None], int]:
    """The names of an order by ticket, and the newest version; 0 where none was ever given."""
    rows = await sql.fetch(OF_ORDER, order)
    names = {row["ticket_id"]: row["name"] for row in rows}
    return names, max((row["version"] for row in rows), default=0)


async def put(sql: Sql, of: Named, names: Mapping[UUID, str | None], version: int) -> None:
    """Write these names, or take them off."""
    columns = list(names), list(names.values())
    if await sql.execute(ADD, of.event, of.order, of.subject, version, of.last_day, *columns) < len(names):
        await sql.execute(RENAME, of.event, of.order, version, *columns)


async def forget(sql: Sql, last_day: date) -> int:
    """Forget names of events that were over by a day, also where one was put off; how many rows."""
    return await sql.execute(FORGET.format(table="ticket_holder"), last_day)
