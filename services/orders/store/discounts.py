"""Codes that take something off, and how often they were used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.discounts import Discount

# One order for all who lock several codes. The lock makes a code used twice at once be used once: uses are
# counted by a statement of its own, which sees what was committed while this one waited.
LOCK = """
SELECT * FROM voucher WHERE code = ANY ($1) AND (event_id IS NULL OR event_id = $2)
ORDER BY voucher_id FOR UPDATE
"""
USED = """
SELECT voucher_id, count(*) AS used FROM hold
WHERE voucher_id = ANY ($1) AND (state IN ('ordered', 'sold') OR (state = 'held' AND expires_at > $2))
GROUP BY voucher_id
"""


async def lock(sql: Sql, event: UUID, codes: Collection[str], now: datetime) -> dict[str, Discount]:
    """The codes that count for an event, until this transaction ends; unknown ones are left out."""
    rows = await sql.fetch(LOCK, sorted(codes), event) if codes else []
    counted = [row["voucher_id"] for row in rows if row["uses"] is not None]
    used = {row["voucher_id"]: row["used"] for row in await sql.fetch(USED, counted, now)} if counted else {}
    return {
        row["code"]: Discount(
            row["voucher_id"],
            row["kind"],
            row["value"],
            row["valid_from"],
            row["valid_until"],
            None if row["uses"] is None else row["uses"] - used.get(row["voucher_id"], 0),
        )
        for row in rows
    }
