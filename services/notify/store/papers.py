"""Orders and tickets as they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.orders.events import IssuedTicket, TicketCode, TicketsIssuedV1
from contracts.texts import Text

INSERT_ORDER = """
INSERT INTO ticket_order (order_id, subject_id, number, event_id, total_cents, currency, issued_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT ends_at FROM event_facts WHERE event_id = $4))
ON CONFLICT DO NOTHING
"""
INSERT_TICKET = """
INSERT INTO ticket (ticket_id, order_id, subject_id, position, code, seat,
                    price_nl, price_fr, price_en, cents, vat_basis_points, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
        (SELECT ends_at FROM event_facts WHERE event_id = $12))
ON CONFLICT DO NOTHING
"""
# A new key of orders, or one that was retired, makes new codes for the same tickets.
RENEW = """
UPDATE ticket SET code = renewed.code
FROM unnest($2::uuid[], $3::text[]) AS renewed (ticket_id, code)
WHERE ticket.ticket_id = renewed.ticket_id AND ticket.order_id = $1 AND ticket.code <> renewed.code
"""
FIND_ORDER = """
SELECT order_id, subject_id, number, event_id, total_cents, currency FROM ticket_order WHERE order_id = $1
"""
FIND_TICKETS = """
SELECT ticket_id, code, seat, price_nl, price_fr, price_en, cents, vat_basis_points
FROM ticket WHERE order_id = $1 ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """An order as it is printed; money in cents, `subject` None for a counter sale."""

    id: UUID
    subject: UUID | None
    number: str
    event: UUID
    total_cents: int
    currency: str
    tickets: tuple[IssuedTicket, ...]


async def keep(work: Work, issued: TicketsIssuedV1) -> None:
    """Keep what must be printed; an order that is known already stays as it is."""
    await work.execute(
        INSERT_ORDER,
        issued.order,
        issued.subject,
        issued.number,
        issued.event,
        issued.total_cents,
        issued.currency,
        work.now,
    )
    for position, ticket in enumerate(issued.tickets):
        await work.execute(INSERT_TICKET, *_ticket_row(issued, position, ticket))


async def renew(work: Work, order: UUID, codes: Sequence[TicketCode]) -> None:
    """Print these codes from now on."""
    await work.execute(RENEW, order, [one.ticket for one in codes], [one.code for one in codes])


async def find(sql: Sql, order: UUID) -> PaperOrder | None:
    """An order with its tickets in the order of issue, or None."""
    row: Any = await sql.fetchrow(FIND_ORDER, order)
    if row is None:
        return None
    tickets = tuple(_ticket(found) for found in await sql.fetch(FIND_TICKETS, order))
    return PaperOrder(
        order, row["subject_id"], row["number"], row["event_id"], row["total_cents"], row["currency"], tickets
    )


def _ticket_row(issued: TicketsIssuedV1, position: int, ticket: IssuedTicket) -> tuple[object, ...]:
    return (
        ticket.ticket,
        issued.order,
        issued.subject,
        position,
        ticket.code,
        ticket.seat,
        ticket.price.nl,
        ticket.price.fr,
        ticket.price.en,
        ticket.cents,
        ticket.vat_basis_points,
        issued.event,
    )


def _ticket(row: Any) -> IssuedTicket:
    return IssuedTicket(
        ticket=row["ticket_id"],
        code=row["code"],
        seat=row["seat"],
        price=Text(nl=row["price_nl"], fr=row["price_fr"], en=row["price_en"]),
        cents=row["cents"],
        vat_basis_points=row["vat_basis_points"],
    )
