"""Rows of activity: the last day of each kind."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.work import Sql

SEEN = """
INSERT INTO activity AS a (subject_id, kind, day)
SELECT s.subject_id, $1, s.day FROM unnest($2::uuid[], $3::date[]) AS s (subject_id, day) ORDER BY 1
ON CONFLICT (subject_id, kind) DO UPDATE SET day = excluded.day WHERE a.day < excluded.day
"""
COUNT = """
SELECT count(*) FILTER (WHERE last < $1) AS quiet, count(*) FILTER (WHERE last >= $1) AS awake
FROM (SELECT max(day) AS last FROM activity GROUP BY subject_id) AS people
"""


async def seen(sql: Sql, kind: str, days: Mapping[UUID, date]) -> None:
    """People were active on a day; an earlier day changes nothing, for events come in any order."""
    await sql.execute(SEEN, kind, list(days), list(days.values()))


async def counted(sql: Sql, quiet_before: date) -> tuple[int, int]:
    """How many people were last active before that day, and how many on it or later."""
    row = await sql.fetchrow(COUNT, quiet_before)
    assert row is not None, "a count without GROUP BY is always one row"
    return int(row["quiet"]), int(row["awake"])
