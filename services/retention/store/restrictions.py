"""Rows of restrictions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql

# The moment of lifting and the proof that the person was told of it go with the restriction that they end.
SET = """
INSERT INTO restriction AS r (subject_id, restricted, version, set_at) VALUES ($1, $2, 1, $3)
ON CONFLICT (subject_id) DO UPDATE
SET restricted = $2, version = r.version + 1, set_at = $3, lift_at = NULL, told_at = NULL
WHERE r.restricted <> $2
RETURNING version
"""


LIFT_AT = """
UPDATE restriction SET lift_at = $2, told_at = NULL
WHERE subject_id = $1 AND restricted AND lift_at IS NULL
"""
TOLD = "UPDATE restriction SET told_at = $2 WHERE subject_id = $1 AND lift_at IS NOT NULL AND told_at IS NULL"
DUE = """
SELECT subject_id FROM restriction WHERE restricted AND lift_at <= $1 AND told_at IS NOT NULL
ORDER BY subject_id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
STANDING = "SELECT subject_id, restricted, lift_at FROM restriction WHERE subject_id = ANY ($1)"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Whether a person is restricted, and when that will end."""

    restricted: bool
    lift_at: datetime | None


async def lift_later(sql: Sql, subject: UUID, at: datetime) -> bool:
    """Plan the end of a restriction; False where there is none, or where its end is planned already."""
    return await sql.execute(LIFT_AT, subject, at) == 1


async def note_told(sql: Sql, subject: UUID, now: datetime) -> None:
    """Note that the person was told of the end."""
    await sql.execute(TOLD, subject, now)


async def due(sql: Sql, now: datetime, most: int) -> Sequence[UUID]:
    """Whose restriction ends now, and who were told so."""
    return [row["subject_id"] for row in await sql.fetch(DUE, now, most)]


async def standing(sql: Sql, subjects: Iterable[UUID]) -> Mapping[UUID, Restriction]:
    """How the restrictions of these people stand."""
    rows = await sql.fetch(STANDING, list(subjects))
    return {row["subject_id"]: Restriction(row["restricted"], row["lift_at"]) for row in rows}


async def set_to(sql: Sql, subject: UUID, restricted: bool, now: datetime) -> int | None:
    """Restrict a person or let go; returns the new version, or None where it stood like that already."""
    version = await sql.fetchval(SET, subject, restricted, now)
    return int(version) if version is not None else None
