"""Rows of checkout drafts, which live for hours only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.draft import Draft, Typed


async def begin(sql: Sql, new: Sequence[Draft], now: datetime, kept_until: datetime) -> None:
    """Begin drafts with their holds and what each session typed last; the same hold again is newest again."""
    rows = {draft.hold: draft for draft in new}.values()
    await sql.execute(
        "INSERT INTO draft (hold_id, session_hash, subject_id, event_slug, places, held_until,"
        " name, email, phone, locale, created_at, kept_until)"
        " SELECT u.*, b.name, b.email, b.phone, b.locale, $7, $8"
        " FROM unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::text[], $5::int[], $6::timestamptz[])"
        " AS u (hold_id, session_hash, subject_id, event_slug, places, held_until)"
        " LEFT JOIN LATERAL (SELECT name, email, phone, locale FROM draft"
        " WHERE draft.session_hash = u.session_hash AND draft.kept_until > $7"
        " ORDER BY draft.created_at DESC LIMIT 1) b ON true"
        " ON CONFLICT (hold_id) DO UPDATE SET created_at = excluded.created_at",
        [draft.hold for draft in rows],
        [draft.session_hash for draft in rows],
        [draft.subject for draft in rows],
        [draft.event_slug for draft in rows],
        [draft.places for draft in rows],
        [draft.held_until for draft in rows],
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


async def keep_typed(
    sql: Sql, typed: Mapping[tuple[bytes, UUID], Typed], now: datetime
) -> dict[tuple[bytes, UUID], Draft]:
    """Keep what was typed, by session and hold, so that it can be shown again; the drafts that there are."""
    rows = await sql.fetch(
        "UPDATE draft SET name = u.name, email = u.email, phone = u.phone, locale = u.locale"
        " FROM unnest($1::bytea[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])"
        " AS u (session_hash, hold_id, name, email, phone, locale)"
        " WHERE draft.hold_id = u.hold_id AND draft.session_hash = u.session_hash AND kept_until > $7"
        " RETURNING draft.hold_id, draft.session_hash, subject_id, event_slug, places, held_until,"
        " draft.name, draft.email, draft.phone, draft.locale",
        [session for session, _ in typed],
        [hold for _, hold in typed],
        [one.name for one in typed.values()],
        [one.email for one in typed.values()],
        [one.phone for one in typed.values()],
        [one.locale for one in typed.values()],
        now,
    )
    return {(row["session_hash"], row["hold_id"]): _draft(row) for row in rows}


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
