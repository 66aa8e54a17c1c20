"""Rows of checkout drafts, which live for hours only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.draft import Draft, Typed


async def begin(sql: Sql, draft: Draft, now: datetime, kept_until: datetime) -> None:
    """Begin a draft with its hold; where the same hold is asked for again, it is the newest one again."""
    await sql.execute(
        "INSERT INTO draft (hold_id, session_hash, subject_id, event_slug, places, held_until,"
        " name, email, phone, locale, created_at, kept_until)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " ON CONFLICT (hold_id) DO UPDATE SET created_at = excluded.created_at",
        draft.hold,
        draft.session_hash,
        draft.subject,
        draft.event_slug,
        draft.places,
        draft.held_until,
        draft.typed.name,
        draft.typed.email,
        draft.typed.phone,
        draft.typed.locale,
        now,
        kept_until,
    )


async def find(sql: Sql, session_hash: bytes, hold: UUID, now: datetime) -> Draft | None:
    """The draft of a hold in this session, or None."""
    row = await sql.fetchrow(
        "SELECT hold_id, session_hash, subject_id, event_slug, places, held_until, name, email, phone, locale"
        " FROM draft"
        " WHERE hold_id = $1 AND session_hash = $2 AND kept_until > $3",
        hold,
        session_hash,
        now,
    )
    return None if row is None else _draft(row)


async def newest(sql: Sql, session_hash: bytes, now: datetime) -> Draft | None:
    """The draft that this session began last, or None."""
    row = await sql.fetchrow(
        "SELECT hold_id, session_hash, subject_id, event_slug, places, held_until, name, email, phone, locale"
        " FROM draft"
        " WHERE session_hash = $1 AND kept_until > $2 ORDER BY created_at DESC LIMIT 1",
        session_hash,
        now,
    )
    return None if row is None else _draft(row)


async def keep_typed(sql: Sql, hold: UUID, typed: Typed) -> None:
    """Keep what was typed, so that it can be shown again."""
    await sql.execute(
        "UPDATE draft SET name = $2, email = $3, phone = $4, locale = $5 WHERE hold_id = $1",
        hold,
        typed.name,
        typed.email,
        typed.phone,
        typed.locale,
    )


async def move(sql: Sql, session_hash: bytes, to: bytes, buyer: UUID) -> None:
    """Who logs in takes the basket along, and is the buyer from now on."""
    await sql.execute(
        "UPDATE draft SET session_hash = $2, subject_id = $3 WHERE session_hash = $1 AND places > 0",
        session_hash,
        to,
        buyer,
    )


async def empty(sql: Sql, hold: UUID) -> None:
    """The places became an order: the basket holds none of them any more."""
    await sql.execute("UPDATE draft SET places = 0 WHERE hold_id = $1", hold)


async def remove(sql: Sql, hold: UUID) -> None:
    """End a draft: its order is placed, or its places were given back."""
    await sql.execute("DELETE FROM draft WHERE hold_id = $1", hold)


async def remove_expired(sql: Sql, now: datetime) -> int:
    """Forget drafts whose time is over; how many there were."""
    return await sql.execute("DELETE FROM draft WHERE kept_until <= $1", now)


def _draft(row: Any) -> Draft:
    typed = Typed(*(row[name] or "" for name in ("name", "email", "phone", "locale")))
    return Draft(
        row["hold_id"],
        row["session_hash"],
        row["subject_id"],
        row["event_slug"],
        row["places"],
        row["held_until"],
        typed,
    )
