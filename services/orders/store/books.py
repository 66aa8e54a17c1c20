"""The books, and the figures of organisers: sums in which nobody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.work import Sql
from contracts.orders.money import BookLine

BOOK = """
INSERT INTO book_entry (event_id, entry_id, order_id, kind, reference, cents, vat_cents,
                        vat_basis_points, booked_at)
SELECT $1, u.*, $2 FROM unnest(
    $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::int[], $8::int[], $9::int[]) AS u
"""
FIGURES = """
SELECT e.event_id,
    (SELECT count(*) FROM ticket t WHERE t.event_id = e.event_id AND t.state <> 'voided') AS sold,
    (SELECT COALESCE(sum(t.cents), 0) FROM ticket t
     WHERE t.event_id = e.event_id AND t.state <> 'voided') AS sold_cents,
    (SELECT count(*) FROM ticket t WHERE t.event_id = e.event_id AND t.admitted_at IS NOT NULL) AS admitted
FROM event e JOIN event_partner p USING (event_id)
WHERE ($1::uuid IS NULL OR e.event_id = $1) ORDER BY e.starts_at, e.slug
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the books: signed cents, VAT included, for a ticket, payment, refund or chargeback."""

    entry: UUID
    order: UUID
    kind: Literal["sale", "payment", "refund", "chargeback", "reversal"]
    reference: UUID
    cents: int
    vat_cents: int = 0
    vat_basis_points: int = 0


@dataclass(frozen=True, slots=True)
class Sums:
    """What the tables say of sales, apart from the books."""

    paid_orders: int
    tickets: int
    tickets_cents: int
    owed_cents: int
    held_up: int
    charged_back_orders: int
    charged_back_cents: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and amounts of one event."""

    event: UUID
    sold: int
    sold_cents: int
    admitted: int


async def book(sql: Sql, event: UUID, entries: Sequence[Entry], now: datetime) -> None:
    """Write entries; the same thing cannot be booked twice."""
    await sql.execute(BOOK, event, now, *columns_of(entries))


def columns_of(entries: Sequence[Entry]) -> tuple[list[Any], ...]:
    """The arguments of BOOK after event and instant."""
    return (
        [one.entry for one in entries],
        [one.order for one in entries],
        [one.kind for one in entries],
        [one.reference for one in entries],
        [one.cents for one in entries],
        [one.vat_cents for one in entries],
        [one.vat_basis_points for one in entries],
    )


async def lines(sql: Sql) -> tuple[BookLine, ...]:
    """The sums of the books by kind."""
    rows = await sql.fetch(
        """SELECT kind, count(*) AS count, sum(cents)::bigint AS cents, sum(vat_cents)::bigint AS vat_cents
           FROM book_entry GROUP BY kind ORDER BY kind"""
    )
    return tuple(
        BookLine(kind=row["kind"], count=row["count"], cents=row["cents"], vat_cents=row["vat_cents"])
        for row in rows
    )


async def sums(sql: Sql) -> Sums:
    """What tickets and orders say of the same sales."""
    row = await sql.fetchrow(
        """SELECT (SELECT count(*) FROM placed_order WHERE state IN ('paid', 'charged_back')) AS paid_orders,
               (SELECT COALESCE(sum(cents), 0) FROM refund WHERE state <> 'settled')::bigint AS owed_cents,
               (SELECT count(*) FROM refund WHERE state = 'due' AND tries > 0) AS held_up,
               (SELECT count(*) FROM placed_order WHERE state = 'charged_back') AS charged_back_orders,
               (SELECT COALESCE(sum(cents), 0) FROM chargeback
                WHERE reversed_at IS NULL)::bigint AS charged_back_cents,
               count(*) AS tickets,
               COALESCE(sum(cents), 0)::bigint AS tickets_cents
           FROM ticket WHERE state <> 'voided'"""
    )
    assert row is not None, "an aggregate has a row"
    return Sums(**dict(row))


async def figures(sql: Sql, event: UUID | None) -> list[Figures]:
    """Figures of one event or all, of those that row policies let this organisation see."""
    rows = await sql.fetch(FIGURES, event)
    return [Figures(row["event_id"], row["sold"], row["sold_cents"], row["admitted"]) for row in rows]
