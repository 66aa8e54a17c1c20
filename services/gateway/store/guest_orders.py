"""Rows that say which session placed which guest order, and as whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.draft import Draft


async def add(sql: Sql, order: UUID, draft: Draft, now: datetime, kept_until: datetime) -> None:
    """Remember that a draft became an order and holds no places any more; a repetition changes nothing."""
    await sql.execute(
        "WITH emptied AS (UPDATE draft SET places = 0 WHERE hold_id = $2)"
        " INSERT INTO guest_order (order_id, hold_id, session_hash, subject_id, created_at, kept_until)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        order,
        draft.hold,
        draft.session_hash,
        draft.subject,
        now,
        kept_until,
    )


async def of_hold(sql: Sql, session_hash: bytes, hold: UUID, now: datetime) -> UUID | None:
    """The order that this session made of a hold, or None."""
    found = await sql.fetchval(
        "SELECT order_id FROM guest_order WHERE hold_id = $1 AND session_hash = $2 AND kept_until > $3",
        hold,
        session_hash,
        now,
    )
    return found if isinstance(found, UUID) else None


async def subject_of(sql: Sql, session_hash: bytes, order: UUID, now: datetime) -> UUID | None:
    """As whom this session placed the order, or None where it did not."""
    found = await sql.fetchval(
        "SELECT subject_id FROM guest_order WHERE order_id = $1 AND session_hash = $2 AND kept_until > $3",
        order,
        session_hash,
        now,
    )
    return found if isinstance(found, UUID) else None


async def newest_subject(sql: Sql, session_hash: bytes, now: datetime) -> UUID | None:
    """As whom this session placed its newest order, or None where it placed none."""
    found = await sql.fetchval(
        "SELECT subject_id FROM guest_order WHERE session_hash = $1 AND kept_until > $2"
        " ORDER BY created_at DESC LIMIT 1",
        session_hash,
        now,
    )
    return found if isinstance(found, UUID) else None


async def remove_expired(sql: Sql, now: datetime) -> int:
    """Forget guest orders whose session is long over; how many there were."""
    return await sql.execute("DELETE FROM guest_order WHERE kept_until <= $1", now)
