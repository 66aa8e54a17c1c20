"""What letters about money say beside their event."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from chassis.work import Sql, Work


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """The order's number, the amount, and why money goes back; None where it does not."""

    number: str
    cents: int
    currency: str
    reason: str | None


async def keep(work: Work, message: UUID, subject: UUID, facts: MoneyFacts) -> None:
    """What a message will say; one that is kept already stays as it is."""
    await work.execute(
        """INSERT INTO money_letter (message_id, subject_id, number, cents, currency, reason, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING""",
        message,
        subject,
        facts.number,
        facts.cents,
        facts.currency,
        facts.reason,
        work.now,
    )


async def find_all(sql: Sql, messages: Collection[UUID]) -> dict[UUID, MoneyFacts]:
    """What messages say, by their ids; where there are none, nothing is asked."""
    if not messages:
        return {}
    rows = await sql.fetch(
        "SELECT message_id, number, cents, currency, reason FROM money_letter WHERE message_id = ANY ($1)",
        list(messages),
    )
    return {
        row["message_id"]: MoneyFacts(row["number"], row["cents"], row["currency"], row["reason"])
        for row in rows
    }
