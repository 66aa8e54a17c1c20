"""Codes that take something off, and how often they were used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.planning import Voucher, VoucherPlan
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


async def code_of(sql: Sql, voucher: UUID) -> str | None:
    """The code of a voucher, or None."""
    found: str | None = await sql.fetchval("SELECT code FROM voucher WHERE voucher_id = $1", voucher)
    return found


async def vouchers(sql: Sql, now: datetime) -> tuple[Voucher, ...]:
    """All codes with how often they were used, those that begin last first."""
    rows = await sql.fetch("SELECT * FROM voucher ORDER BY valid_from DESC, code")
    counted = await sql.fetch(USED, [row["voucher_id"] for row in rows], now)
    used = {row["voucher_id"]: row["used"] for row in counted}
    return tuple(_voucher(row, used.get(row["voucher_id"], 0)) for row in rows)


async def add(sql: Sql, voucher: UUID, plan: VoucherPlan) -> bool:
    """Write a code; False where it exists already."""
    added = """INSERT INTO voucher (voucher_id, code, kind, value, event_id, valid_from, valid_until, uses)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"""
    facts = plan.code, plan.kind, plan.value, plan.event, plan.valid_from, plan.valid_until, plan.uses
    return await sql.execute(added, voucher, *facts) == 1


async def event_exists(sql: Sql, event: UUID) -> bool:
    """Whether there is such an event."""
    return bool(await sql.fetchval("SELECT EXISTS (SELECT FROM event WHERE event_id = $1)", event))


async def end(sql: Sql, voucher: UUID, now: datetime) -> bool:
    """Let a code count no longer; False where there is none. One that ended before stays as it was."""
    ended = """UPDATE voucher SET valid_until = LEAST(COALESCE(valid_until, $2), GREATEST($2, valid_from))
               WHERE voucher_id = $1"""
    return await sql.execute(ended, voucher, now) == 1


def _voucher(row: Any, used: int) -> Voucher:
    return Voucher(
        id=row["voucher_id"],
        code=row["code"],
        kind=row["kind"],
        value=row["value"],
        event=row["event_id"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        uses=row["uses"],
        used=used,
    )
