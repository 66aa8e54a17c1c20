"""Rows of activity: the last day of each kind."""

from datetime import date
from uuid import UUID

from chassis.work import Sql

SEEN = """
INSERT INTO activity AS a (subject_id, kind, day) VALUES ($1, $2, $3)
ON CONFLICT (subject_id, kind) DO UPDATE SET day = excluded.day WHERE a.day < excluded.day
"""
COUNT = """
SELECT count(*) FILTER (WHERE last < $1) AS quiet, count(*) FILTER (WHERE last >= $1) AS awake
FROM (SELECT max(day) AS last FROM activity GROUP BY subject_id) AS people
"""


async def seen(sql: Sql, subject: UUID, kind: str, day: date) -> None:
    """Someone was active on a day; an earlier day changes nothing, for events come in any order."""
    await sql.execute(SEEN, subject, kind, day)


async def counted(sql: Sql, quiet_before: date) -> tuple[int, int]:
    """How many people were last active before that day, and how many on it or later."""
    row = await sql.fetchrow(COUNT, quiet_before)
    assert row is not None, "a count without GROUP BY is always one row"
    return int(row["quiet"]), int(row["awake"])
