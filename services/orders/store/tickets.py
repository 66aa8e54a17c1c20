"""Tickets and admissions: nobody's name is on either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.texts import Text
from services.orders.store.books import BOOK, Entry, columns_of

TICKETS = """
SELECT t.*, hs.label, p.title, n.subject_id
FROM ticket t
JOIN event e USING (event_id)
JOIN price p ON p.event_id = t.event_id AND p.price_id = t.price_id
LEFT JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = t.seat_id
LEFT JOIN order_person n ON n.event_id = t.event_id AND n.order_id = t.order_id
WHERE t.event_id = $1 AND t.ticket_id = $2
"""
ISSUE = f"""
WITH issued AS (
    INSERT INTO ticket (event_id, ticket_id, order_id, line_no, seat_id, price_id, cents,
                        vat_basis_points, state, issued_at)
    SELECT $1, u.*, 'issued', $2 FROM unnest($10::uuid[], $11::uuid[], $12::int[], $13::uuid[], $14::uuid[],
                                             $15::int[], $16::int[]) AS u
) {BOOK}
"""  # noqa: S608 - put together from constants
# Let in, noted and looked at in one statement, which sees the ticket as it was before. Of two scans at once,
# one lets in; the other waits for it, and has to look again.
ADMIT = f"""
WITH went AS (
    UPDATE ticket SET state = 'admitted', admitted_at = $4
    WHERE event_id = $1 AND ticket_id = $2 AND state = 'issued' RETURNING ticket_id
), noted AS (
    INSERT INTO admission (event_id, admission_id, ticket_id, admitted_at)
    SELECT $1, $3, ticket_id, $4 FROM went
)
SELECT found.*, EXISTS (SELECT FROM went) AS went FROM ({TICKETS}) found
"""  # noqa: S608 - put together from constants


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
    """A ticket as it is shown at the door; `holder` is None where no name belongs to it."""

    event: UUID
    ticket: UUID
    order: UUID
    seat: str | None
    price: Text
    cents: int
    vat_basis_points: int
    state: str
    admitted_at: datetime | None
    holder: UUID | None


async def issue(
    sql: Sql, event: UUID, new: Sequence[NewTicket], entries: Sequence[Entry], now: datetime
) -> None:
    """Write tickets and what is booked with them; a second one for the same line or seat is an error."""
    await sql.execute(
        ISSUE,
        event,
        now,
        *columns_of(entries),
        [one.ticket for one in new],
        [one.order for one in new],
        [one.line_no for one in new],
        [one.seat for one in new],
        [one.price for one in new],
        [one.cents for one in new],
        [one.vat_basis_points for one in new],
    )


async def admit(
    sql: Sql, event: UUID, ticket: UUID, admission: UUID, now: datetime
) -> tuple[bool, TicketRow | None]:
    """Let a ticket in and note it: whether it went in now, and the ticket after that, if there is one."""
    row = await sql.fetchrow(ADMIT, event, ticket, admission, now)
    if row is None:
        return False, None
    if row["went"]:
        return True, replace(_ticket(row), state="admitted", admitted_at=now)
    if row["state"] == "issued":
        row = await sql.fetchrow(TICKETS, event, ticket)
    return False, _ticket(row)


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
        holder=row["subject_id"],
    )
