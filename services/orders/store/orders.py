"""Orders, and apart from them the persons who placed them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import LOCK_SUBJECT, Sql

# The payment that counts: one that bought something, then one that can be made, then one whose money went
# back; the latest before earlier ones.
ORDERS = """
SELECT o.*, h.state AS hold_state, h.expires_at, n.subject_id,
    COALESCE(p.state, 'none') AS payment_state, p.checkout_url, placed.lines, issued.tickets, back.money
FROM placed_order o
JOIN event e USING (event_id)
JOIN hold h ON h.event_id = o.event_id AND h.hold_id = o.hold_id
LEFT JOIN order_person n ON n.event_id = o.event_id AND n.order_id = o.order_id
LEFT JOIN LATERAL (
    SELECT state, checkout_url FROM payment
    WHERE payment.event_id = o.event_id AND payment.order_id = o.order_id
    ORDER BY state NOT IN ('paid', 'charged_back') OR EXISTS (
            SELECT FROM refund r WHERE r.event_id = payment.event_id AND r.payment_id = payment.payment_id),
        array_position('{open,paid,refunded,charged_back}', state), attempt DESC LIMIT 1
) p ON true
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object(
        'seat', hs.label, 'price', price.title, 'cents', l.cents) ORDER BY l.line_no) AS lines
    FROM hold_line l
    JOIN price USING (event_id, price_id)
    LEFT JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = l.seat_id
    WHERE l.event_id = o.event_id AND l.hold_id = o.hold_id
) placed
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object(
        'id', t.ticket_id, 'seat', hs.label, 'price', price.title, 'cents', t.cents, 'state', t.state)
        ORDER BY t.line_no) AS tickets
    FROM ticket t
    JOIN price USING (event_id, price_id)
    LEFT JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = t.seat_id
    WHERE t.event_id = o.event_id AND t.order_id = o.order_id
) issued
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_object('cents', r.cents, 'reason', r.reason,
        'state', r.state) ORDER BY r.made_at) AS money
    FROM refund r WHERE r.event_id = o.event_id AND r.order_id = o.order_id
) back
"""

# PostgreSQL plans anew for each array whose length it sees, which takes longer than to read an order. Of one
# from a subquery it sees none, and the plan is made once (docs/decisions/0046).
OF_THESE = "WHERE o.order_id = ANY (ARRAY(SELECT unnest($1::uuid[])))"
OWNERS = """
SELECT order_id, subject_id FROM order_person WHERE order_id = ANY (ARRAY(SELECT unnest($1::uuid[])))
"""
ALL_STAY = """
SELECT pg_advisory_xact_lock_shared(hashtextextended(u.subject, 0))
FROM unnest($1::text[]) WITH ORDINALITY AS u (subject, place) ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with the state of its places and of the payment that counts.

    `owner` is None for a counter sale and after an erasure. `lines` and `tickets` are as the API shows them,
    tickets without their codes.
    """

    event: UUID
    order: UUID
    number: str
    hold: UUID
    state: str
    hold_state: str
    expires_at: datetime
    payment_state: str
    checkout_url: str | None
    total_cents: int
    vat_cents: int
    placed_at: datetime
    owner: UUID | None
    lines: tuple[Mapping[str, Any], ...]
    tickets: tuple[Mapping[str, Any], ...]
    money_back: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as it is placed."""

    event: UUID
    order: UUID
    number: str
    hold: UUID
    total_cents: int
    vat_cents: int
    placed_at: datetime


async def sell_at_counter(sql: Sql, new: NewOrder) -> None:
    """Write a counter order, which is paid when it is placed."""
    await sql.execute(
        """INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state,
                                     total_cents, vat_cents, placed_at, paid_at)
           VALUES ($1, $2, $3, $4, 'counter', 'paid', $5, $6, $7, $7)""",
        new.event,
        new.order,
        new.number,
        new.hold,
        new.total_cents,
        new.vat_cents,
        new.placed_at,
    )


async def find(sql: Sql, order: UUID) -> OrderRow | None:
    """An order by its id, or None."""
    row = await sql.fetchrow(ORDERS + "WHERE o.order_id = $1", order)
    return _order(row) if row else None


async def find_all(sql: Sql, wanted: Collection[UUID]) -> dict[UUID, OrderRow]:
    """Orders by their ids; unknown ones are left out."""
    rows = await sql.fetch(ORDERS + OF_THESE, list(wanted))
    return {row["order_id"]: _order(row) for row in rows}


async def of_person(sql: Sql, subjects: Sequence[UUID]) -> list[OrderRow]:
    """The orders of a person, who may have several ids, newest first."""
    rows = await sql.fetch(
        ORDERS + "WHERE n.subject_id = ANY ($1) ORDER BY o.placed_at DESC, o.order_id",
        subjects,
    )
    return [_order(row) for row in rows]


async def owner(sql: Sql, order: UUID) -> UUID | None:
    """The person behind an order, or None for a counter sale and after an erasure."""
    found = await sql.fetchval("SELECT subject_id FROM order_person WHERE order_id = $1", order)
    return found if isinstance(found, UUID) else None


async def owners(sql: Sql, orders: Collection[UUID]) -> dict[UUID, UUID]:
    """The persons behind orders; those without one are left out."""
    return {row["order_id"]: row["subject_id"] for row in await sql.fetch(OWNERS, list(orders))}


async def stays(sql: Sql, subject: UUID) -> None:
    """Nobody is erased before this transaction ends: no news after forgetting. Look who it is after this."""
    await sql.execute(LOCK_SUBJECT, str(subject))


async def all_stay(sql: Sql, subjects: Collection[UUID]) -> None:
    """None of these is erased before this transaction ends. In one order, so that nobody waits in a ring."""
    await sql.execute(ALL_STAY, sorted(map(str, subjects)))


async def owner_who_stays(sql: Sql, order: UUID) -> UUID | None:
    """The person behind an order, not to be erased before this transaction ends."""
    subject = await owner(sql, order)
    if subject is None:
        return None
    await stays(sql, subject)
    return await owner(sql, order)


async def subject_of_number(sql: Sql, number: str) -> UUID | None:
    """The person behind an order number, or None."""
    found = await sql.fetchval(
        """SELECT n.subject_id FROM placed_order o JOIN order_person n USING (event_id, order_id)
           WHERE o.number = $1""",
        number,
    )
    return found if isinstance(found, UUID) else None


async def expire(sql: Sql, event: UUID) -> list[UUID]:
    """Orders whose places ran out unpaid become expired; which ones."""
    rows = await sql.fetch(
        """UPDATE placed_order o SET state = 'expired' FROM hold h
           WHERE o.event_id = $1 AND o.state = 'placed'
               AND h.event_id = o.event_id AND h.hold_id = o.hold_id AND h.state = 'expired'
           RETURNING o.order_id""",
        event,
    )
    return [row["order_id"] for row in rows]


async def events_with_lost_places(sql: Sql) -> list[UUID]:
    """Events with placed orders whose holds a later sale took as free."""
    rows = await sql.fetch(
        """SELECT DISTINCT o.event_id FROM placed_order o
           JOIN hold h ON h.event_id = o.event_id AND h.hold_id = o.hold_id
           WHERE o.state = 'placed' AND h.state = 'expired'"""
    )
    return [row["event_id"] for row in rows]


def _order(row: Any) -> OrderRow:
    return OrderRow(
        event=row["event_id"],
        order=row["order_id"],
        number=row["number"],
        hold=row["hold_id"],
        state=row["state"],
        hold_state=row["hold_state"],
        expires_at=row["expires_at"],
        payment_state=row["payment_state"],
        checkout_url=row["checkout_url"],
        total_cents=row["total_cents"],
        vat_cents=row["vat_cents"],
        placed_at=row["placed_at"],
        owner=row["subject_id"],
        lines=tuple(json.loads(row["lines"])),
        tickets=tuple(json.loads(row["tickets"] or "[]")),
        money_back=tuple(json.loads(row["money"] or "[]")),
    )
