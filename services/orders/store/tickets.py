"""Tickets and admissions: nobody's name is on either."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

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
WHERE t.event_id = $1 AND t.ticket_id = ANY ($2)
"""
ISSUE = f"""
WITH issued AS (
    INSERT INTO ticket (event_id, ticket_id, order_id, line_no, seat_id, price_id, cents,
                        vat_basis_points, state, issued_at)
    SELECT $1, u.*, 'issued', $2 FROM unnest($10::uuid[], $11::uuid[], $12::int[], $13::uuid[], $14::uuid[],
                                             $15::int[], $16::int[]) AS u
) {BOOK}
"""  # noqa: S608 - put together from constants
# Let in, noted and looked at in one statement, which sees the tickets as they were before. Of two scans at
# once, one lets in; the other waits for it, and has to look again. All lock in one order, never in a ring.
ADMIT = f"""
WITH here AS (
    SELECT ticket_id FROM ticket
    WHERE event_id = $1 AND ticket_id = ANY ($2) AND state = 'issued' AND NOT barred
    ORDER BY ticket_id FOR UPDATE
), went AS (
    UPDATE ticket SET state = 'admitted', admitted_at = $4 FROM here
    WHERE event_id = $1 AND ticket.ticket_id = here.ticket_id RETURNING ticket.ticket_id
), noted AS (
    INSERT INTO admission (event_id, admission_id, ticket_id, admitted_at)
    SELECT $1, u.admission_id, ticket_id, $4
    FROM went JOIN unnest($2::uuid[], $3::uuid[]) AS u (ticket_id, admission_id) USING (ticket_id)
)
SELECT found.*, EXISTS (SELECT FROM went WHERE went.ticket_id = found.ticket_id) AS went,
    (SELECT max(other.admitted_at) FROM ticket other
     WHERE other.event_id = found.event_id AND other.order_id = found.order_id) AS last_of_order
FROM ({TICKETS}) found
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
    """A ticket as it is shown at the door; `holder` is None where no name belongs to it.

    `barred`: its order was charged back. `last_of_order`: when a ticket of its order last went in before this
    look, where that was asked.
    """

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
    barred: bool
    last_of_order: datetime | None = None


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
    sql: Sql, event: UUID, wanted: Collection[UUID], now: datetime
) -> dict[UUID, tuple[bool, TicketRow]]:
    """Let tickets in and note it: whether each went in now, and the ticket after that; unknown ones are left
    out."""
    tried = {ticket: uuid4() for ticket in wanted}
    rows = await sql.fetch(ADMIT, event, list(tried), list(tried.values()), now)
    late = [row["ticket_id"] for row in rows if not row["went"] and row["state"] == "issued"]
    again = await sql.fetch(TICKETS, event, late) if late else []
    after = {row["ticket_id"]: (False, _ticket(row)) for row in again}
    for row in rows:
        if row["went"]:
            went = replace(
                _ticket(row), state="admitted", admitted_at=now, last_of_order=row["last_of_order"]
            )
            after[row["ticket_id"]] = True, went
        else:
            after.setdefault(row["ticket_id"], (False, _ticket(row)))
    return after


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
        barred=row["barred"],
    )
