"""What banks took back, and what that does to an order and its tickets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.payment import ChargebackSeen
from services.orders.store.payments import PaymentRow

MOVED = """
WITH money AS (
    UPDATE payment SET state = $4, look_at = $6 WHERE event_id = $1 AND payment_id = $2
), bought AS (
    UPDATE placed_order SET state = $5 WHERE event_id = $1 AND order_id = $3 AND state <> $5
    RETURNING order_id
)
UPDATE ticket SET barred = $5 = 'charged_back' FROM bought
WHERE ticket.event_id = $1 AND ticket.order_id = bought.order_id
"""


async def known(sql: Sql, payment: PaymentRow) -> dict[str, tuple[UUID, bool]]:
    """The chargebacks of a payment by the provider's id: our id, and whether it was reversed."""
    rows = await sql.fetch(
        """SELECT provider_id, chargeback_id, reversed_at IS NOT NULL AS back
           FROM chargeback WHERE event_id = $1 AND payment_id = $2""",
        payment.event,
        payment.payment,
    )
    return {row["provider_id"]: (row["chargeback_id"], row["back"]) for row in rows}


async def add(sql: Sql, payment: PaymentRow, chargeback: UUID, seen: ChargebackSeen, now: datetime) -> None:
    """Write that a bank took money back, once."""
    await sql.execute(
        """INSERT INTO chargeback (event_id, chargeback_id, payment_id, order_id, provider_id, cents, came_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        payment.event,
        chargeback,
        payment.payment,
        payment.order,
        seen.provider_id,
        seen.cents,
        now,
    )


async def reverse(sql: Sql, event: UUID, chargeback: UUID, now: datetime) -> None:
    """The money came again."""
    await sql.execute(
        "UPDATE chargeback SET reversed_at = $3 WHERE event_id = $1 AND chargeback_id = $2",
        event,
        chargeback,
        now,
    )


async def move(sql: Sql, payment: PaymentRow, money: str, order: str, look_at: datetime) -> None:
    """The states that follow; tickets are barred exactly while their order is charged back."""
    await sql.execute(MOVED, payment.event, payment.payment, payment.order, money, order, look_at)
