"""Invoices, their series of numbers, and apart from them to whom they are made out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.invoices import InvoiceLine, InvoiceParty
from contracts.texts import Text
from services.orders.domain.invoicing import Sold, kept_from

ORDER = """
SELECT o.event_id AS event, o.order_id AS order, o.number, o.state, o.total_cents, o.vat_cents,
    n.subject_id AS owner, e.organisation_id AS seller, COALESCE(s.name, '') AS seller_name,
    e.title::text AS title, e.starts_at, h.time_zone
FROM placed_order o
JOIN event e USING (event_id)
JOIN hall h USING (hall_id)
JOIN order_person n USING (event_id, order_id)
LEFT JOIN organisation s USING (organisation_id)
WHERE o.order_id = $1
"""
ISSUED = """
SELECT i.*, p.name, p.street, p.postal_code, p.town, p.country, p.vat_number
FROM invoice i JOIN invoice_party p USING (event_id, order_id)
WHERE i.event_id = $1 AND i.order_id = $2
"""
ADD = """
INSERT INTO invoice (event_id, order_id, seller_id, seller_name, year, number, issued_on, event_title,
                     starts_at, lines, total_cents, vat_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
ADD_PARTY = """
INSERT INTO invoice_party (event_id, order_id, subject_id, name, street, postal_code, town, country,
                           vat_number, kept_from)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An order as an invoice sees it."""

    event: UUID
    order: UUID
    number: str
    state: str
    total_cents: int
    vat_cents: int
    owner: UUID
    seller: UUID
    seller_name: str
    title: str
    starts_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice as it was written."""

    seller_name: str
    year: int
    number: int
    issued_on: date
    event_title: Text
    starts_at: datetime
    lines: tuple[InvoiceLine, ...]
    total_cents: int
    vat_cents: int
    party: InvoiceParty


async def order_of(sql: Sql, order: UUID) -> Invoiced | None:
    """An order that somebody placed, or None."""
    row = await sql.fetchrow(ORDER, order)
    return Invoiced(**dict(row)) if row else None


async def sold(sql: Sql, event: UUID, order: UUID) -> list[Sold]:
    """The tickets of an order, in its order."""
    rows = await sql.fetch(
        """SELECT t.price_id, p.title, t.cents, t.vat_basis_points FROM ticket t
           JOIN price p USING (event_id, price_id)
           WHERE t.event_id = $1 AND t.order_id = $2 ORDER BY t.line_no""",
        event,
        order,
    )
    return [Sold(one[0], Text.model_validate_json(one[1]), one[2], one[3]) for one in rows]


async def lock_series(sql: Sql, year: int) -> int:
    """The last number of a year, which nobody else counts on before this transaction ends."""
    await sql.execute("INSERT INTO invoice_series (year, last) VALUES ($1, 0) ON CONFLICT DO NOTHING", year)
    last = await sql.fetchval("SELECT last FROM invoice_series WHERE year = $1 FOR UPDATE", year)
    return int(last)


async def find(sql: Sql, event: UUID, order: UUID) -> Issued | None:
    """The invoice of an order, or None."""
    row = await sql.fetchrow(ISSUED, event, order)
    return _issued(row) if row else None


async def add(sql: Sql, of: Invoiced, issued: Issued) -> None:
    """Write an invoice and count its number."""
    counted = "UPDATE invoice_series SET last = $2 WHERE year = $1"
    await sql.execute(counted, issued.year, issued.number)
    await sql.execute(
        ADD,
        of.event,
        of.order,
        of.seller,
        issued.seller_name,
        issued.year,
        issued.number,
        issued.issued_on,
        issued.event_title.model_dump_json(),
        issued.starts_at,
        _written(issued.lines),
        issued.total_cents,
        issued.vat_cents,
    )
    await _add_party(sql, of, issued)


async def _add_party(sql: Sql, of: Invoiced, issued: Issued) -> None:
    party = issued.party
    await sql.execute(
        ADD_PARTY,
        of.event,
        of.order,
        of.owner,
        party.name,
        party.street,
        party.postal_code,
        party.town,
        party.country,
        party.vat_number,
        kept_from(issued.issued_on),
    )


def _written(lines: Sequence[InvoiceLine]) -> str:
    return json.dumps([one.model_dump(mode="json") for one in lines])


def _issued(row: Any) -> Issued:
    party = {name: row[name] for name in InvoiceParty.model_fields}
    return Issued(
        seller_name=row["seller_name"],
        year=row["year"],
        number=row["number"],
        issued_on=row["issued_on"],
        event_title=Text.model_validate_json(row["event_title"]),
        starts_at=row["starts_at"],
        lines=tuple(InvoiceLine.model_validate(one) for one in json.loads(row["lines"])),
        total_cents=row["total_cents"],
        vat_cents=row["vat_cents"],
        party=InvoiceParty.model_validate(party),
    )
