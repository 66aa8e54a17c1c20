"""Money that is due back, until it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.payment import Reason
from services.orders.store.payments import PaymentRow

# What a bank took back is not given back too: such a refund waits until the chargeback is reversed.
DUE = """
SELECT r.*, p.provider_id AS provider_payment, o.number, n.subject_id
FROM refund r JOIN payment p USING (event_id, payment_id)
JOIN placed_order o ON o.event_id = r.event_id AND o.order_id = r.order_id
LEFT JOIN order_person n ON n.event_id = r.event_id AND n.order_id = r.order_id
WHERE r.state = $3 AND r.look_at <= $1 AND (r.state = 'sent' OR p.state = 'paid')
ORDER BY r.look_at, r.made_at LIMIT $2
"""
SETTLED = """
WITH settled AS (
    UPDATE refund SET state = 'settled' WHERE event_id = $1 AND refund_id = $2 AND state = 'sent'
    RETURNING payment_id
)
UPDATE payment p SET state = 'refunded' FROM settled
WHERE p.event_id = $1 AND p.payment_id = settled.payment_id AND p.state = 'paid'
"""


@dataclass(frozen=True, slots=True)
class RefundRow:
    """Money that is due back or on its way; `subject` is whose, or None where no name belongs to it."""

    event: UUID
    refund: UUID
    payment: UUID
    order: UUID
    provider_payment: str
    number: str
    cents: int
    idempotency_key: UUID
    reason: Reason
    tries: int
    subject: UUID | None


@dataclass(frozen=True, slots=True)
class RefundState:
    """How a refund stands, by the id that the provider gave it."""

    refund: UUID
    provider_id: str | None
    state: str
    tries: int


async def add(
    sql: Sql, payment: PaymentRow, refund: UUID, key: UUID, cents: int, reason: Reason, now: datetime
) -> None:
    """Write that what came of a payment is due back, once."""
    await sql.execute(
        """INSERT INTO refund (event_id, refund_id, payment_id, order_id, cents, idempotency_key,
                               state, made_at, reason, look_at)
           VALUES ($1, $2, $3, $4, $5, $6, 'due', $7, $8, $7)""",
        payment.event,
        refund,
        payment.payment,
        payment.order,
        cents,
        key,
        now,
        reason,
    )


async def to_see_to(sql: Sql, state: str, now: datetime, limit: int) -> Sequence[RefundRow]:
    """Refunds in a state, `due` or `sent`, whose time has come, oldest first."""
    return [
        RefundRow(
            row["event_id"],
            row["refund_id"],
            row["payment_id"],
            row["order_id"],
            row["provider_payment"],
            row["number"],
            row["cents"],
            row["idempotency_key"],
            row["reason"],
            row["tries"],
            row["subject_id"],
        )
        for row in await sql.fetch(DUE, now, limit, state)
    ]


async def of_payment(sql: Sql, event: UUID, payment: UUID) -> RefundState | None:
    """The refund of a payment, which is locked, or None."""
    row = await sql.fetchrow(
        "SELECT * FROM refund WHERE event_id = $1 AND payment_id = $2 FOR UPDATE", event, payment
    )
    if row is None:
        return None
    return RefundState(row["refund_id"], row["provider_id"], row["state"], row["tries"])


async def sent(sql: Sql, refund: RefundRow, provider_id: str, look_at: datetime) -> bool:
    """The provider took it up; False where another process was told so before."""
    touched = await sql.execute(
        """UPDATE refund SET state = 'sent', provider_id = $3, look_at = $4
           WHERE event_id = $1 AND refund_id = $2 AND state = 'due'""",
        refund.event,
        refund.refund,
        provider_id,
        look_at,
    )
    return touched == 1


async def settled(sql: Sql, event: UUID, refund: UUID) -> None:
    """The money is back with the buyer."""
    await sql.execute(SETTLED, event, refund)


async def again(sql: Sql, event: UUID, refund: UUID, key: UUID, at: datetime) -> None:
    """It came to nothing: asked for anew then, with a key of its own, because a key gets its old answer."""
    await sql.execute(
        """UPDATE refund SET state = 'due', provider_id = NULL, idempotency_key = $3, tries = tries + 1,
                             look_at = $4
           WHERE event_id = $1 AND refund_id = $2 AND state IN ('due', 'sent')""",
        event,
        refund,
        key,
        at,
    )


async def look_again(sql: Sql, refund: RefundRow, at: datetime) -> None:
    """When to look at a refund again."""
    await sql.execute(
        "UPDATE refund SET look_at = $3 WHERE event_id = $1 AND refund_id = $2",
        refund.event,
        refund.refund,
        at,
    )
