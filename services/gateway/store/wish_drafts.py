"""Rows of wishes of visitors who have not logged in, which live as long as their visit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.work import Sql

EVENTS = """
SELECT event_id FROM wish_draft WHERE session_hash = $1 AND kept_until > $2 ORDER BY added_at, event_id
"""
ADD = """
INSERT INTO wish_draft (session_hash, event_id, added_at, kept_until) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""
MOVE = "UPDATE wish_draft SET session_hash = $2, subject_id = $3, kept_until = $4 WHERE session_hash = $1"


async def events(sql: Sql, session: bytes, now: datetime) -> tuple[UUID, ...]:
    """What a visit wants to see, longest first."""
    return tuple(row["event_id"] for row in await sql.fetch(EVENTS, session, now))


async def add(sql: Sql, session: bytes, event: UUID, now: datetime, kept_until: datetime) -> None:
    """Keep a wish with its visit; one that stands stays."""
    await sql.execute(ADD, session, event, now, kept_until)


async def remove(sql: Sql, session: bytes, event: UUID) -> None:
    """Take a wish back."""
    await sql.execute("DELETE FROM wish_draft WHERE session_hash = $1 AND event_id = $2", session, event)


async def forget(sql: Sql, session: bytes) -> None:
    """Forget all wishes of a visit: accounts has them now."""
    await sql.execute("DELETE FROM wish_draft WHERE session_hash = $1", session)


async def move(sql: Sql, session: bytes, to: bytes, subject: UUID, kept_until: datetime) -> None:
    """Who logs in keeps their wishes, also where accounts could not take them at that moment."""
    await sql.execute(MOVE, session, to, subject, kept_until)


async def remove_expired(sql: Sql, now: datetime) -> int:
    """Forget wishes of visits whose time is over; how many there were."""
    return await sql.execute("DELETE FROM wish_draft WHERE kept_until <= $1", now)
