"""Orders and tickets as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.orders.events import IssuedTicket, TicketCode, TicketsIssuedV1
from contracts.texts import Text

INSERT_ORDERS = """
INSERT INTO ticket_order (order_id, subject_id, number, event_id, total_cents, currency, issued_at, ends_at)
SELECT o.*, $1, (SELECT ends_at FROM event_facts f WHERE f.event_id = o.event_id)
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[])
    AS o (order_id, subject_id, number, event_id, total_cents, currency)
ON CONFLICT DO NOTHING
"""
INSERT_TICKETS = """
INSERT INTO ticket (ticket_id, order_id, subject_id, position, code, seat,
                    price_nl, price_fr, price_en, cents, vat_basis_points, ends_at)
SELECT ticket_id, order_id, subject_id, position, code, seat, price_nl, price_fr, price_en, cents,
       vat_basis_points, (SELECT ends_at FROM event_facts f WHERE f.event_id = t.event_id)
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::int[], $11::int[], $12::uuid[])
    AS t (ticket_id, order_id, subject_id, position, code, seat, price_nl, price_fr, price_en, cents,
          vat_basis_points, event_id)
ON CONFLICT DO NOTHING
"""
# A new key of orders, or one that was retired, makes new codes for the same tickets.
RENEW = """
UPDATE ticket SET code = renewed.code
FROM unnest($2::uuid[], $3::text[]) AS renewed (ticket_id, code)
WHERE ticket.ticket_id = renewed.ticket_id AND ticket.order_id = $1 AND ticket.code <> renewed.code
"""
NAMED = """
SELECT count(*) FROM ticket WHERE order_id = $1 AND ticket_id = ANY ($2::uuid[])
"""
NAME = """
UPDATE ticket SET holder = named.holder, holder_version = $4
FROM unnest($2::uuid[], $3::text[]) AS named (ticket_id, holder)
WHERE ticket.ticket_id = named.ticket_id AND ticket.order_id = $1 AND ticket.holder_version < $4
"""
FIND_ORDERS = """
SELECT order_id, subject_id, number, event_id, total_cents, currency FROM ticket_order
WHERE order_id = ANY ($1::uuid[])
"""
FIND_TICKETS = """
SELECT order_id, ticket_id, code, seat, price_nl, price_fr, price_en, cents, vat_basis_points, holder
FROM ticket WHERE order_id = ANY ($1::uuid[]) ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """An order as it is printed; money in cents, `subject` None for a counter sale.

    `holders` has the names on tickets, where their buyer gave any.
    """

    id: UUID
    subject: UUID | None
    number: str
    event: UUID
    total_cents: int
    currency: str
    tickets: tuple[IssuedTicket, ...]
    holders: Mapping[UUID, str] = field(default_factory=dict)


async def keep(work: Work, issued: Sequence[TicketsIssuedV1]) -> None:
    """Keep what must be printed; an order that is known already stays as it is."""
    orders = [(i.order, i.subject, i.number, i.event, i.total_cents, i.currency) for i in issued]
    await work.execute(INSERT_ORDERS, work.now, *_columns(orders))
    tickets = [_ticket_row(i, position, ticket) for i in issued for position, ticket in enumerate(i.tickets)]
    await work.execute(INSERT_TICKETS, *_columns(tickets))


async def renew(work: Work, order: UUID, codes: Sequence[TicketCode]) -> None:
    """Print these codes from now on."""
    await work.execute(RENEW, order, [one.ticket for one in codes], [one.code for one in codes])


async def name_holders(sql: Sql, order: UUID, names: Mapping[UUID, str | None], version: int) -> bool:
    """Print these names from now on, or none; False where a ticket is not here yet."""
    tickets = list(names)
    if await sql.fetchval(NAMED, order, tickets) < len(tickets):
        return False
    await sql.execute(NAME, order, tickets, list(names.values()), version)
    return True


async def find(sql: Sql, order: UUID) -> PaperOrder | None:
    """An order with its tickets in the order of issue, or None."""
    return (await find_all(sql, [order])).get(order)


async def find_all(sql: Sql, orders: Sequence[UUID]) -> dict[UUID, PaperOrder]:
    """Orders with their tickets in the order of issue; an order that is not here is left out."""
    rows = await sql.fetch(FIND_ORDERS, list(orders))
    tickets: dict[UUID, list[Any]] = {row["order_id"]: [] for row in rows}
    if rows:
        for found in await sql.fetch(FIND_TICKETS, list(tickets)):
            tickets[found["order_id"]].append(found)
    return {row["order_id"]: _order(row, tickets[row["order_id"]]) for row in rows}


def _columns(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _order(row: Any, tickets: Sequence[Any]) -> PaperOrder:
    return PaperOrder(
        row["order_id"],
        row["subject_id"],
        row["number"],
        row["event_id"],
        row["total_cents"],
        row["currency"],
        tuple(_ticket(one) for one in tickets),
        {one["ticket_id"]: one["holder"] for one in tickets if one["holder"]},
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
