"""Rows of people who are shielded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.accounts.domain.shielding import Shield, Standing

READ = "SELECT protection_id, reason, since, review_on, version FROM protection WHERE subject_id = $1"
LOCKED = f"{READ} FOR UPDATE"
BEGUN = """
INSERT INTO protection (subject_id, protection_id, reason, since, review_on, version)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
CHANGED = """
UPDATE protection SET protection_id = $2, reason = $3, since = $4, review_on = $5, version = $6
WHERE subject_id = $1
"""
ALL = """
SELECT subject_id, protection_id, reason, since, review_on FROM protection WHERE reason IS NOT NULL
ORDER BY review_on, subject_id LIMIT $1
"""


async def standing(sql: Sql, subject: UUID) -> Standing:
    """What stands about a person; nobody changes it until the transaction ends."""
    row = await sql.fetchrow(LOCKED, subject)
    return Standing() if row is None else Standing(_shield(row), row["version"])


async def find(sql: Sql, subject: UUID) -> Shield | None:
    """The shield of a person, or None."""
    row = await sql.fetchrow(READ, subject)
    return None if row is None else _shield(row)


async def save(sql: Sql, subject: UUID, now: Standing) -> None:
    """Keep what stands now."""
    one = now.shield
    parts = (one.id, one.reason, one.since, one.review_on) if one else (None, None, None, None)
    if await sql.execute(CHANGED, subject, *parts, now.version) == 0:
        await sql.execute(BEGUN, subject, *parts, now.version)


async def every(sql: Sql, most: int) -> list[tuple[UUID, Shield]]:
    """Whoever is shielded, the first to be looked at again first."""
    found = [(row["subject_id"], _shield(row)) for row in await sql.fetch(ALL, most)]
    return [(subject, shield) for subject, shield in found if shield is not None]


def _shield(row: Any) -> Shield | None:
    if row["reason"] is None:
        return None
    return Shield(row["protection_id"], row["reason"], row["since"], row["review_on"])
