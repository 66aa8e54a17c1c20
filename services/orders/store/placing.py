"""A checkout in two statements: all that it needs to know, and all that it writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from contracts.orders.api import Checkout
from services.orders.domain.checkout import KeptPlaces
from services.orders.store.holds import LINES, read_lines
from services.orders.store.orders import NewOrder
from services.orders.store.payments import FIRST_LOOK, PaymentRow

LOCK = f"""
SELECT h.event_id, h.state, h.expires_at, {LINES},
    ARRAY(SELECT organisation_id FROM event_partner p WHERE p.event_id = h.event_id) AS partners,
    EXISTS (SELECT FROM tombstone WHERE subject = $2) AS forgotten,
    COALESCE((SELECT max(version) FROM order_person WHERE subject_id = $2), 1) AS version
FROM hold h WHERE h.hold_id = $1 FOR UPDATE OF h
"""  # noqa: S608 - put together from constants
# Who ordered stands beside the order, not in it; nobody is asked for money before the payment's key is kept.
PLACE = """
WITH places AS (
    UPDATE hold SET state = 'ordered', order_id = $2, expires_at = $8 WHERE event_id = $1 AND hold_id = $4
), placed AS (
    INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state,
                              total_cents, vat_cents, placed_at)
    VALUES ($1, $2, $3, $4, 'online', 'placed', $5, $6, $7)
), person AS (
    INSERT INTO order_person (event_id, order_id, subject_id, name, email, phone, locale,
                              version, name_version, email_version, phone_version, placed_on)
    VALUES ($1, $2, $9, $10, $11, $12, $13, $14, $14, $14, $14, $15)
)
INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, idempotency_key, request,
                     return_url, state, cents, made_at, look_at)
VALUES ($1, $16, $2, $17, $18, $19, $20, $21, $22, $5, $7, $23)
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a checkout finds, locked until its transaction ends.

    `version` is that of what is known of the buyer, 1 for somebody new; accounts numbers on.
    """

    event: UUID
    kept: KeptPlaces
    partners: frozenset[UUID]
    forgotten: bool
    version: int


async def lock(sql: Sql, hold: UUID, buyer: UUID) -> Found | None:
    """The hold of a checkout and what belongs to it; None where there is no such hold."""
    row = await sql.fetchrow(LOCK, hold, buyer)
    if row is None:
        return None
    kept = KeptPlaces(row["state"], row["expires_at"], read_lines(row["lines"]))
    return Found(row["event_id"], kept, frozenset(row["partners"]), row["forgotten"], row["version"])


async def place(
    sql: Sql, new: NewOrder, typed: Checkout, version: int, payment: PaymentRow, kept_until: datetime
) -> None:
    """Write an online order with its buyer and its payment, and keep its places."""
    await sql.execute(
        PLACE,
        new.event,
        new.order,
        new.number,
        new.hold,
        new.total_cents,
        new.vat_cents,
        new.placed_at,
        kept_until,
        payment.subject,
        typed.name,
        typed.email,
        typed.phone,
        typed.locale,
        version,
        new.placed_at.date(),
        payment.payment,
        payment.attempt,
        payment.provider,
        payment.idempotency_key,
        json.dumps(payment.request) if payment.request is not None else None,
        payment.return_url,
        payment.state,
        new.placed_at + FIRST_LOOK,
    )
