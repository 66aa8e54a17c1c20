"""Rows of wish lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql

BEGIN = "INSERT INTO wish_list (subject_id, kinds) VALUES ($1, $2) ON CONFLICT DO NOTHING"
# The row's lock lets whoever changes one list take turns, so that no two changes get the same number.
LOCK = "SELECT kinds, version FROM wish_list WHERE subject_id = $1 FOR UPDATE"
COUNT_ON = "UPDATE wish_list SET version = $2, kinds = $3 WHERE subject_id = $1"
KINDS = "SELECT kinds FROM wish_list WHERE subject_id = $1"
EVENTS = "SELECT event_id FROM wish WHERE subject_id = $1 ORDER BY added_at, event_id"
ADD = """
INSERT INTO wish (subject_id, event_id, added_at, ends_at)
SELECT $1, u.event, $3, COALESCE((SELECT ends_at FROM event_end WHERE event_id = u.event), $4)
FROM unnest($2::uuid[]) AS u (event)
"""
REMOVE = "DELETE FROM wish WHERE subject_id = $1 AND event_id = $2"
LINK = "SELECT id, expires_at FROM wish_link WHERE subject_id = $1 AND expires_at > $2"
END_LINK = "DELETE FROM wish_link WHERE subject_id = $1"
MAKE_LINK = "INSERT INTO wish_link (id, subject_id, made_at, expires_at) VALUES ($1, $2, $3, $4)"
SHARED = """
SELECT ARRAY (SELECT w.event_id FROM wish w WHERE w.subject_id = l.subject_id ORDER BY w.added_at, w.event_id)
FROM wish_link l WHERE l.id = $1 AND l.expires_at > $2
"""
LEARN = """
INSERT INTO event_end AS e (event_id, ends_at, version) VALUES ($1, $2, $3)
ON CONFLICT (event_id) DO UPDATE SET ends_at = excluded.ends_at, version = excluded.version
WHERE excluded.version > e.version
"""
COUNT_TERMS = """
UPDATE wish w SET ends_at = e.ends_at FROM event_end e
WHERE e.event_id = $1 AND w.event_id = $1 AND w.ends_at <> e.ends_at
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is to change a list: its kinds, and the number of its last change."""

    kinds: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link that counts."""

    id: UUID
    expires_at: datetime


async def lock(sql: Sql, subject: UUID, kinds: Sequence[str]) -> Turn:
    """A person's list, begun with these kinds, that nobody else changes until the transaction ends."""
    await sql.execute(BEGIN, subject, list(kinds))
    row = await sql.fetchrow(LOCK, subject)
    assert row is not None, "whoever acts for themselves sees their own list"
    return Turn(tuple(row["kinds"]), row["version"])


async def count_on(sql: Sql, subject: UUID, version: int, kinds: Sequence[str]) -> None:
    """Write the number of the last change, and the kinds. Needs the lock."""
    await sql.execute(COUNT_ON, subject, version, list(kinds))


async def kinds(sql: Sql, subject: UUID) -> tuple[str, ...] | None:
    """Of what somebody wants to hear; None where they have no list yet."""
    found = await sql.fetchval(KINDS, subject)
    return None if found is None else tuple(found)


async def events(sql: Sql, subject: UUID) -> tuple[UUID, ...]:
    """What stands on a list, longest first."""
    return tuple(row["event_id"] for row in await sql.fetch(EVENTS, subject))


async def add(sql: Sql, subject: UUID, new: Sequence[UUID], now: datetime, unless_known: datetime) -> None:
    """Put events on a list; `unless_known` is when a wish goes whose event's end was not heard of."""
    await sql.execute(ADD, subject, list(new), now, unless_known)


async def remove(sql: Sql, subject: UUID, event: UUID) -> bool:
    """Take an event off; False where it was not there."""
    return await sql.execute(REMOVE, subject, event) == 1


async def link(sql: Sql, subject: UUID, now: datetime) -> Link | None:
    """The link that counts now, or None."""
    row = await sql.fetchrow(LINK, subject, now)
    return None if row is None else Link(row["id"], row["expires_at"])


async def end_link(sql: Sql, subject: UUID) -> None:
    """Nobody reads the list by a link any more."""
    await sql.execute(END_LINK, subject)


async def make_link(sql: Sql, subject: UUID, made: Link, now: datetime) -> None:
    """Keep a link; there is none beside it."""
    await sql.execute(MAKE_LINK, made.id, subject, now, made.expires_at)


async def shared(sql: Sql, link: UUID, now: datetime) -> tuple[UUID, ...] | None:
    """The events behind a link, or None where it counts no longer."""
    found = await sql.fetchval(SHARED, link, now)
    return None if found is None else tuple(found)


async def learn_end(sql: Sql, event: UUID, ends_at: datetime, version: int) -> None:
    """Take over when an event ends; a lower version changes nothing."""
    await sql.execute(LEARN, event, ends_at, version)


async def count_terms(sql: Sql, event: UUID) -> None:
    """Let the term of an event's wishes count from its end as it is known (storage_limitation)."""
    await sql.execute(COUNT_TERMS, event)
