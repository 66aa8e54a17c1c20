"""Tries to pay, and what the provider said of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.payment import PaymentSeen
from services.orders.domain.places import Line
from services.orders.store.holds import LINES, read_lines

# The request that began a payment asks the provider itself; the timer comes after it, where it was cut off.
FIRST_LOOK = timedelta(seconds=10)
PAYMENT = """
SELECT p.*, o.hold_id, o.placed_at, n.subject_id
FROM payment p
JOIN placed_order o USING (event_id, order_id)
LEFT JOIN order_person n USING (event_id, order_id)
"""
# Rows are locked in the order in which they are named: the hold first, as whoever ends holds does, and of
# several holds in the order of their ids.
LOCKED = f"""
SELECT p.*, o.hold_id, o.placed_at, n.subject_id, o.number, o.state AS order_state, h.state AS hold_state,
    {LINES}
FROM payment p
JOIN placed_order o USING (event_id, order_id)
JOIN hold h ON h.event_id = o.event_id AND h.hold_id = o.hold_id
LEFT JOIN order_person n ON n.event_id = o.event_id AND n.order_id = o.order_id
WHERE p.event_id = $1 AND p.payment_id = ANY ($2) ORDER BY h.hold_id, p.payment_id FOR UPDATE OF h, o, p
"""  # noqa: S608 - put together from constants
ANSWERED = """
WITH kept AS (
    UPDATE hold SET expires_at = u.kept_until
    FROM unnest($6::uuid[], $7::timestamptz[]) AS u (hold_id, kept_until)
    WHERE event_id = $1 AND hold.hold_id = u.hold_id AND state = 'ordered'
)
UPDATE payment SET provider_id = u.provider_id, checkout_url = u.checkout_url, look_at = $2, request = NULL
FROM unnest($3::uuid[], $4::text[], $5::text[]) AS u (payment_id, provider_id, checkout_url)
WHERE event_id = $1 AND payment.payment_id = u.payment_id
"""
PAID = """
WITH money AS (
    UPDATE payment SET state = 'paid', request = NULL WHERE event_id = $1 AND payment_id = ANY ($2)
), places AS (
    UPDATE hold SET state = 'sold' WHERE event_id = $1 AND hold_id = ANY ($3)
)
UPDATE placed_order SET state = 'paid', paid_at = $5 WHERE event_id = $1 AND order_id = ANY ($4)
"""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A try to pay, counted from 1. `request` is set until the provider answered, `provider_id` after.

    `hold` and `placed_at` are its order's, `subject` is who ordered, or None where no name belongs to it.
    """

    event: UUID
    payment: UUID
    order: UUID
    attempt: int
    provider: str
    provider_id: str | None
    idempotency_key: UUID
    request: Mapping[str, object] | None
    return_url: str | None
    state: str
    cents: int
    hold: UUID
    placed_at: datetime
    subject: UUID | None


@dataclass(frozen=True, slots=True)
class Answered:
    """What the provider answered to a new payment, and until when its places are kept for that."""

    payment: PaymentRow
    seen: PaymentSeen
    kept_until: datetime


@dataclass(frozen=True, slots=True)
class LockedPayment:
    """A payment with its order and its places, which nobody else changes until the transaction ends."""

    payment: PaymentRow
    number: str
    order_state: str
    hold_state: str
    lines: tuple[Line, ...]


async def add(sql: Sql, new: PaymentRow, now: datetime) -> None:
    """Write a try to pay, with its own key, before anybody is asked for money."""
    await sql.execute(
        """INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, idempotency_key, request,
                                return_url, state, cents, made_at, look_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        new.event,
        new.payment,
        new.order,
        new.attempt,
        new.provider,
        new.idempotency_key,
        json.dumps(new.request) if new.request is not None else None,
        new.return_url,
        new.state,
        new.cents,
        now,
        now + FIRST_LOOK,
    )


async def latest_of(sql: Sql, order: UUID) -> PaymentRow | None:
    """The last try to pay an order, or None."""
    found = PAYMENT + "WHERE o.order_id = $1 ORDER BY p.attempt DESC LIMIT 1"
    row = await sql.fetchrow(found, order)
    return _payment(row) if row else None


async def of_provider_ids(sql: Sql, provider_ids: Collection[str]) -> dict[str, PaymentRow]:
    """The payments that the provider calls so, by what it calls them; unknown ones are left out."""
    rows = await sql.fetch(PAYMENT + "WHERE p.provider_id = ANY ($1)", list(provider_ids))
    return {row["provider_id"]: _payment(row) for row in rows}


async def find(sql: Sql, event: UUID, payment: UUID) -> PaymentRow:
    """A payment by its id."""
    row = await sql.fetchrow(PAYMENT + "WHERE p.event_id = $1 AND p.payment_id = $2", event, payment)
    assert row is not None, "payments stay"
    return _payment(row)


async def unanswered(sql: Sql, limit: int) -> list[PaymentRow]:
    """Open payments that the provider has not answered for yet, oldest first."""
    found = PAYMENT + "WHERE p.state = 'open' AND p.provider_id IS NULL ORDER BY p.look_at LIMIT $1"
    return [_payment(row) for row in await sql.fetch(found, limit)]


async def to_look_at(sql: Sql, now: datetime, limit: int) -> list[PaymentRow]:
    """Payments whose time to be looked at has come: open ones, and those that a bank took back."""
    found: list[PaymentRow] = []
    for state in ("open", "charged_back"):
        due = f"WHERE p.state = '{state}' AND p.look_at <= $1 ORDER BY p.look_at LIMIT $2"
        found += [_payment(row) for row in await sql.fetch(PAYMENT + due, now, limit)]
    return found


async def paid_among(sql: Sql, provider_ids: Sequence[str]) -> list[PaymentRow]:
    """Those of these payments that count as paid here."""
    found = PAYMENT + "WHERE p.provider_id = ANY ($1) AND p.state = 'paid'"
    return [_payment(row) for row in await sql.fetch(found, list(provider_ids))]


async def look_again(sql: Sql, payment: PaymentRow, at: datetime) -> None:
    """When to look at a payment again."""
    await sql.execute(
        "UPDATE payment SET look_at = $3 WHERE event_id = $1 AND payment_id = $2",
        payment.event,
        payment.payment,
        at,
    )


async def lock(sql: Sql, event: UUID, wanted: Collection[UUID]) -> dict[UUID, LockedPayment]:
    """Lock payments with their orders and holds; by their ids."""
    rows = await sql.fetch(LOCKED, event, list(wanted))
    assert len(rows) == len(wanted), "a payment has an order and an order has a hold"
    return {row["payment_id"]: _locked(row) for row in rows}


async def answered(sql: Sql, event: UUID, answers: Sequence[Answered], look_at: datetime) -> None:
    """Keep what the provider answered, and the places until then. Requests are not needed any more."""
    await sql.execute(
        ANSWERED,
        event,
        look_at,
        [one.payment.payment for one in answers],
        [one.seen.provider_id for one in answers],
        [one.seen.checkout_url for one in answers],
        [one.payment.hold for one in answers],
        [one.kept_until for one in answers],
    )


async def pay(sql: Sql, event: UUID, paid: Sequence[PaymentRow], now: datetime) -> None:
    """Payments came: their orders are paid, and the places are sold for good."""
    columns = zip(*((one.payment, one.hold, one.order) for one in paid), strict=True)
    await sql.execute(PAID, event, *columns, now)


async def set_state(sql: Sql, payment: PaymentRow, state: str) -> None:
    """The payment's new state; a request that was never answered goes with it."""
    await sql.execute(
        "UPDATE payment SET state = $3, request = NULL WHERE event_id = $1 AND payment_id = $2",
        payment.event,
        payment.payment,
        state,
    )


def _locked(row: Any) -> LockedPayment:
    lines = read_lines(row["lines"])
    return LockedPayment(_payment(row), row["number"], row["order_state"], row["hold_state"], lines)


def _payment(row: Any) -> PaymentRow:
    return PaymentRow(
        event=row["event_id"],
        payment=row["payment_id"],
        order=row["order_id"],
        attempt=row["attempt"],
        provider=row["provider"],
        provider_id=row["provider_id"],
        idempotency_key=row["idempotency_key"],
        request=json.loads(row["request"]) if row["request"] is not None else None,
        return_url=row["return_url"],
        state=row["state"],
        cents=row["cents"],
        hold=row["hold_id"],
        placed_at=row["placed_at"],
        subject=row["subject_id"],
    )
