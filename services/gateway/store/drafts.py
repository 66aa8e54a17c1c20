"""Rows of checkout drafts, which live for hours only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.draft import Draft, Typed


async def begin(sql: Sql, draft: Draft, now: datetime, kept_until: datetime) -> None:
    """Begin a draft with its hold and what this session typed last; the same hold again is newest again."""
    await sql.execute(
        "INSERT INTO draft (hold_id, session_hash, subject_id, event_slug, places, held_until,"
        " name, email, phone, locale, created_at, kept_until)"
        " SELECT $1, $2, $3, $4, $5, $6, b.name, b.email, b.phone, b.locale, $7, $8"
        " FROM (SELECT) one LEFT JOIN LATERAL (SELECT name, email, phone, locale FROM draft"
        " WHERE session_hash = $2 AND kept_until > $7 ORDER BY created_at DESC LIMIT 1) b ON true"
        " ON CONFLICT (hold_id) DO UPDATE SET created_at = excluded.created_at",
        draft.hold,
        draft.session_hash,
        draft.subject,
        draft.event_slug,
        draft.places,
        draft.held_until,
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


async def keep_typed(sql: Sql, session_hash: bytes, hold: UUID, typed: Typed, now: datetime) -> Draft | None:
    """Keep what was typed in the draft of a hold, so that it can be shown again; None where there is none."""
    row = await sql.fetchrow(
        "UPDATE draft SET name = $4, email = $5, phone = $6, locale = $7"
        " WHERE hold_id = $1 AND session_hash = $2 AND kept_until > $3"
        " RETURNING hold_id, session_hash, subject_id, event_slug, places, held_until,"
        " name, email, phone, locale",
        hold,
        session_hash,
        now,
        typed.name,
        typed.email,
        typed.phone,
        typed.locale,
    )
    return None if row is None else _draft(row)


async def hold_until(sql: Sql, hold: UUID, until: datetime) -> None:
    """The places of a draft are held for longer."""
    await sql.execute("UPDATE draft SET held_until = $2 WHERE hold_id = $1", hold, until)


async def move(sql: Sql, session_hash: bytes, to: bytes, buyer: UUID) -> None:
    """Who logs in takes the basket along, and is the buyer from now on."""
    await sql.execute(
        "UPDATE draft SET session_hash = $2, subject_id = $3 WHERE session_hash = $1 AND places > 0",
        session_hash,
        to,
        buyer,
    )


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
