"""Checkouts in batches: all that they need to know in one statement, and all that they write in another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.idempotency import KEPT
from chassis.work import Work
from contracts.orders.api import Checkout
from services.orders.domain.checkout import Found, KeptPlaces
from services.orders.domain.places import Line
from services.orders.store import limits
from services.orders.store.holds import LINES, read_lines
from services.orders.store.orders import NewOrder
from services.orders.store.payments import FIRST_LOOK, PaymentRow

# One order for all who lock several holds, so that none waits for another that waits for it. Whoever locked
# one before is waited for, and what it became is read.
LOCK = f"""
SELECT u.place, h.event_id, h.state, h.expires_at, {LINES},
    ARRAY(SELECT organisation_id FROM event_partner p WHERE p.event_id = h.event_id) AS partners,
    (SELECT json_object_agg(l.seat_id, hs.label) FROM hold_line l
        JOIN event e USING (event_id) JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = l.seat_id
        WHERE l.event_id = h.event_id AND l.hold_id = h.hold_id) AS labels,
    EXISTS (SELECT FROM tombstone WHERE subject = u.buyer) AS forgotten,
    (SELECT max(version) FROM order_person WHERE subject_id = u.buyer) AS version,
    h.hold_id, EXISTS (SELECT FROM event e WHERE e.event_id = h.event_id
        AND COALESCE(e.buyer_limit, e.production_limit) IS NOT NULL) AS limited
FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS u (hold, buyer, place)
JOIN hold h ON h.hold_id = u.hold
ORDER BY h.event_id, h.hold_id FOR UPDATE OF h
"""  # noqa: S608 - put together from constants
# Who ordered stands beside the order, not in it; nobody is asked for money before the payment's key is kept.
# What a key was used for before is not placed: only orders whose keys are new come back.
PLACE = """
WITH key AS (
    INSERT INTO idempotency_key (subject, key, purpose, body_hash, status, outcome, made_at, expires_at)
    SELECT u.subject, u.key, $1, u.body_hash, 201, u.outcome, $2, $3
    FROM unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[]) AS u (subject, key, body_hash, outcome)
    ON CONFLICT DO NOTHING RETURNING outcome
), new AS (
    SELECT u.* FROM unnest($8::uuid[], $7::uuid[], $9::text[], $10::uuid[], $11::int[], $12::int[],
        $13::timestamptz[], $4::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::int[],
        $19::uuid[], $20::text[], $21::uuid[], $22::text[], $23::text[])
        AS u (event_id, order_id, number, hold_id, total_cents, vat_cents, kept_until, subject_id, name,
              email, phone, locale, version, payment_id, provider, idempotency_key, request, return_url)
    JOIN key ON key.outcome = u.order_id
), places AS (
    UPDATE hold SET state = 'ordered', order_id = new.order_id, expires_at = new.kept_until
    FROM new WHERE hold.event_id = new.event_id AND hold.hold_id = new.hold_id
), placed AS (
    INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state,
                              total_cents, vat_cents, placed_at)
    SELECT event_id, order_id, number, hold_id, 'online', 'placed', total_cents, vat_cents, $2 FROM new
), person AS (
    INSERT INTO order_person (event_id, order_id, subject_id, name, email, phone, locale,
                              version, name_version, email_version, phone_version, placed_on)
    SELECT event_id, order_id, subject_id, name, email, phone, locale, version, version, version, version, $24
    FROM new
), money AS (
    INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, idempotency_key, request,
                         return_url, state, cents, made_at, look_at)
    SELECT event_id, payment_id, order_id, 1, provider, idempotency_key, request, return_url, 'open',
        total_cents, $2, $25
    FROM new
)
SELECT order_id FROM new
"""
KNOWN = """
SELECT k.subject, k.key, k.body_hash, k.outcome FROM idempotency_key k
JOIN unnest($1::uuid[], $2::text[]) AS u (subject, key) USING (subject, key)
"""


@dataclass(frozen=True, slots=True)
class KeyedCheckout:
    """What was typed, by whom, the request's key with the hash of its body, the claim that it rests on."""

    buyer: UUID
    key: str
    body_hash: str
    typed: Checkout
    claim: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewPlacement:
    """An order as it is placed: who asked for it, its places and until when they are kept, the first payment.

    `labels` are what is written on its seats; `version` is that of what is known of the buyer.
    """

    asked: KeyedCheckout
    order: NewOrder
    lines: tuple[Line, ...]
    labels: Mapping[UUID, str]
    kept_until: datetime
    payment: PaymentRow
    version: int


async def lock(sql: Work, asked: Sequence[KeyedCheckout]) -> list[Found | None]:
    """For each checkout its hold, locked until the transaction ends; None where there is no such hold."""
    rows = await sql.fetch(LOCK, [one.typed.hold for one in asked], [one.buyer for one in asked])
    claims = await limits.latest(sql, {row["hold_id"] for row in rows if row["limited"]})
    found = {row["place"]: _found(row, claims.get(row["hold_id"])) for row in rows}
    return [found.get(place) for place in range(1, len(asked) + 1)]


async def place(tx: Work, new: Sequence[NewPlacement]) -> frozenset[UUID]:
    """Write online orders with buyers and payments, and keep their places; those whose keys were new."""
    if not new:
        return frozenset()
    rows = await tx.fetch(
        PLACE,
        tx.purpose,
        tx.now,
        tx.now + KEPT,
        *zip(*map(_row, new), strict=True),
        tx.now.date(),
        tx.now + FIRST_LOOK,
    )
    return frozenset(row["order_id"] for row in rows)


async def known(tx: Work, asked: Sequence[KeyedCheckout]) -> dict[tuple[UUID, str], tuple[str, UUID]]:
    """What the keys of these checkouts stand for already: hash of the body and order, by buyer and key."""
    if not asked:
        return {}
    rows = await tx.fetch(KNOWN, [one.buyer for one in asked], [one.key for one in asked])
    return {(row["subject"], row["key"]): (row["body_hash"], row["outcome"]) for row in rows}


def _row(new: NewPlacement) -> tuple[Any, ...]:
    """The columns of PLACE for one order, in the order of their numbers from $4 on."""
    asked, order, payment = new.asked, new.order, new.payment
    typed = asked.typed
    return (
        asked.buyer,
        asked.key,
        asked.body_hash,
        order.order,
        order.event,
        order.number,
        order.hold,
        order.total_cents,
        order.vat_cents,
        new.kept_until,
        typed.name,
        typed.email,
        typed.phone,
        typed.locale,
        new.version,
        payment.payment,
        payment.provider,
        payment.idempotency_key,
        json.dumps(payment.request) if payment.request is not None else None,
        payment.return_url,
    )


def _found(row: Any, claim: UUID | None) -> Found:
    kept = KeptPlaces(row["state"], row["expires_at"], read_lines(row["lines"]))
    labels = {UUID(seat): label for seat, label in json.loads(row["labels"] or "{}").items()}
    # Whoever contested a limit was named by that already; the order is newer.
    version = row["version"] or (2 if row["limited"] else 1)
    known = frozenset(row["partners"]), row["forgotten"], version
    return Found(row["event_id"], kept, labels, *known, row["limited"], claim)
