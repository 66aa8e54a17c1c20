"""Tickets and admissions: nobody's name is on either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.texts import Text

TICKETS = """
SELECT t.*, hs.label, p.title
FROM ticket t
JOIN event e USING (event_id)
JOIN price p ON p.event_id = t.event_id AND p.price_id = t.price_id
LEFT JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = t.seat_id
"""


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket as it is issued."""

    ticket: UUID
    order: UUID
    line_no: int
    seat: UUID | None
    price: UUID
    cents: int
    vat_basis_points: int


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket as it is printed and shown."""

    event: UUID
    ticket: UUID
    order: UUID
    seat: str | None
    price: Text
    cents: int
    vat_basis_points: int
    state: str
    admitted_at: datetime | None


async def issue(sql: Sql, event: UUID, new: Sequence[NewTicket], now: datetime) -> None:
    """Write tickets; a second ticket for the same line or seat is an error of the database."""
    await sql.execute(
        """INSERT INTO ticket (event_id, ticket_id, order_id, line_no, seat_id, price_id, cents,
                               vat_basis_points, state, issued_at)
           SELECT $1, u.*, 'issued', $2 FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[],
                                                    $8::int[], $9::int[]) AS u""",
        event,
        now,
        [one.ticket for one in new],
        [one.order for one in new],
        [one.line_no for one in new],
        [one.seat for one in new],
        [one.price for one in new],
        [one.cents for one in new],
        [one.vat_basis_points for one in new],
    )


async def find(sql: Sql, event: UUID, ticket: UUID) -> TicketRow | None:
    """One ticket, or None."""
    row = await sql.fetchrow(TICKETS + "WHERE t.event_id = $1 AND t.ticket_id = $2", event, ticket)
    return _ticket(row) if row else None


async def admit(sql: Sql, event: UUID, ticket: UUID, now: datetime) -> bool:
    """Let a ticket in; False where it is not waiting to go in. Of two scans at once, one gets True."""
    return (
        await sql.execute(
            """UPDATE ticket SET state = 'admitted', admitted_at = $3
               WHERE event_id = $1 AND ticket_id = $2 AND state = 'issued'""",
            event,
            ticket,
            now,
        )
        == 1
    )


async def note_admission(sql: Sql, event: UUID, ticket: UUID, admission: UUID, now: datetime) -> None:
    """Write when a ticket went in."""
    await sql.execute(
        "INSERT INTO admission (event_id, admission_id, ticket_id, admitted_at) VALUES ($1, $2, $3, $4)",
        event,
        admission,
        ticket,
        now,
    )


async def inside(sql: Sql, event: UUID) -> int:
    """How many are inside."""
    return int(
        await sql.fetchval("SELECT count(*) FROM ticket WHERE event_id = $1 AND state = 'admitted'", event)
    )


async def issued(sql: Sql, event: UUID) -> int:
    """How many tickets count for an event."""
    return int(
        await sql.fetchval("SELECT count(*) FROM ticket WHERE event_id = $1 AND state <> 'voided'", event)
    )


def _ticket(row: Any) -> TicketRow:
    return TicketRow(
        event=row["event_id"],
        ticket=row["ticket_id"],
        order=row["order_id"],
        seat=row["label"],
        price=Text.model_validate_json(row["title"]),
        cents=row["cents"],
        vat_basis_points=row["vat_basis_points"],
        state=row["state"],
        admitted_at=row["admitted_at"],
    )
