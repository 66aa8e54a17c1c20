"""Rows of restrictions."""

from datetime import datetime
from uuid import UUID

from chassis.work import Sql

SET = """
INSERT INTO restriction AS r (subject_id, restricted, version, set_at) VALUES ($1, $2, 1, $3)
ON CONFLICT (subject_id) DO UPDATE SET restricted = $2, version = r.version + 1, set_at = $3
WHERE r.restricted <> $2
RETURNING version
"""


async def set_to(sql: Sql, subject: UUID, restricted: bool, now: datetime) -> int | None:
    """Restrict a person or let go; returns the new version, or None where it stood like that already."""
    version = await sql.fetchval(SET, subject, restricted, now)
    return int(version) if version is not None else None
