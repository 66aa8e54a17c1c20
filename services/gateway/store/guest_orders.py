"""Rows that say which session placed which guest order, and as whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.draft import Draft


async def add(sql: Sql, placed: Sequence[tuple[UUID, Draft]], now: datetime, kept_until: datetime) -> None:
    """Remember which orders drafts became; they hold no places any more. A repetition changes nothing."""
    await sql.execute(
        "WITH emptied AS (UPDATE draft SET places = 0 WHERE hold_id = ANY ($2))"
        " INSERT INTO guest_order (order_id, hold_id, session_hash, subject_id, created_at, kept_until)"
        " SELECT u.*, $5, $6 FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::uuid[]) AS u"
        " ON CONFLICT DO NOTHING",
        [order for order, _ in placed],
        [draft.hold for _, draft in placed],
        [draft.session_hash for _, draft in placed],
        [draft.subject for _, draft in placed],
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


async def subjects_of(
    sql: Sql, asked: Sequence[tuple[bytes, UUID]], now: datetime
) -> dict[tuple[bytes, UUID], UUID]:
    """As whom sessions placed orders, by both; left out where they did not."""
    rows = await sql.fetch(
        "SELECT g.session_hash, g.order_id, g.subject_id FROM guest_order g"
        " JOIN unnest($1::bytea[], $2::uuid[]) AS u (session_hash, order_id) USING (session_hash, order_id)"
        " WHERE g.kept_until > $3",
        [session for session, _ in asked],
        [order for _, order in asked],
        now,
    )
    return {(row["session_hash"], row["order_id"]): row["subject_id"] for row in rows}


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
