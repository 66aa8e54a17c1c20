"""The replica of wish lists, and what is known of the places of an event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.work import Sql, Work

A_YEAR = timedelta(days=365)
"""How long a wish may stand for an event whose end is not known yet."""
TAKEN_BACK = timedelta(days=14)
"""Longer than any news is on its way: parked letters are tried for seven days."""
KEEP = """
INSERT INTO wish (subject_id, event_id, kinds, version, kept_until)
SELECT $1, $2, $3::text[], $4::int, COALESCE(
    (SELECT f.ends_at FROM event_facts f WHERE f.event_id = $2 AND cardinality($3::text[]) > 0), $5)
ON CONFLICT DO NOTHING
"""
RENEW = """
UPDATE wish SET kinds = $3::text[], version = $4, kept_until = COALESCE(
    (SELECT f.ends_at FROM event_facts f WHERE f.event_id = $2 AND cardinality($3::text[]) > 0), $5)
WHERE subject_id = $1 AND event_id = $2 AND version < $4
"""
WISHERS = "SELECT subject_id FROM wish WHERE event_id = $1 AND $2 = ANY (kinds)"
COUNT_TERMS = """
UPDATE wish w SET kept_until = f.ends_at FROM event_facts f
WHERE f.event_id = $1 AND w.event_id = $1 AND w.kinds <> '{}' AND w.kept_until <> f.ends_at
"""
LEARN = """
INSERT INTO availability AS a (event_id, nearly_full, version) VALUES ($1, $2, $3)
ON CONFLICT (event_id) DO UPDATE SET nearly_full = excluded.nearly_full, version = excluded.version
WHERE excluded.version > a.version
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was told of one wish; without kinds it was taken back."""

    subject: UUID
    event: UUID
    kinds: tuple[str, ...]
    version: int


async def keep(work: Work, told: Sequence[Wish]) -> None:
    """Take over what is newer than what is known. A wish may come twice, in any order."""
    for one in sorted(told, key=lambda wish: (wish.subject, wish.event, wish.version)):
        until = work.now + (A_YEAR if one.kinds else TAKEN_BACK)
        row = one.subject, one.event, list(one.kinds), one.version, until
        if not await work.execute(KEEP, *row):
            await work.execute(RENEW, *row)


async def wishers(sql: Sql, event: UUID, kind: str) -> Collection[UUID]:
    """Who wants to hear this of an event; row policies hide who did not ask for reminders."""
    return [row["subject_id"] for row in await sql.fetch(WISHERS, event, kind)]


async def count_terms(sql: Sql, event: UUID) -> None:
    """Let the wishes of an event go when it ends (storage_limitation)."""
    await sql.execute(COUNT_TERMS, event)


async def learn_availability(sql: Sql, event: UUID, nearly_full: bool, version: int) -> bool:
    """Take over whether an event is nearly full; False where something newer is known."""
    return await sql.execute(LEARN, event, nearly_full, version) == 1
