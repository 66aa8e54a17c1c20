"""Rows of activity: the last day of each kind."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from chassis.work import Sql

# What a guest does keeps the account awake that it belongs to.
SEEN = """
INSERT INTO activity AS a (subject_id, kind, day)
SELECT one.subject_id, $1, max(one.day) FROM (
    SELECT s.subject_id, s.day FROM unnest($2::uuid[], $3::date[]) AS s (subject_id, day)
    UNION ALL SELECT c.account, s.day FROM unnest($2::uuid[], $3::date[]) AS s (subject_id, day)
        JOIN claimed_guest c ON c.guest = s.subject_id) AS one
GROUP BY one.subject_id ORDER BY 1
ON CONFLICT (subject_id, kind) DO UPDATE SET day = excluded.day WHERE a.day < excluded.day
"""
CARRIED_OVER = """
INSERT INTO activity AS a (subject_id, kind, day) SELECT $2, kind, day FROM activity WHERE subject_id = $1
ON CONFLICT (subject_id, kind) DO UPDATE SET day = excluded.day WHERE a.day < excluded.day
"""
COUNT = """
SELECT count(*) FILTER (WHERE last < $1) AS quiet, count(*) FILTER (WHERE last >= $1) AS awake
FROM (SELECT max(day) AS last FROM activity GROUP BY subject_id) AS people
"""


async def seen(sql: Sql, kind: str, days: Mapping[UUID, date]) -> None:
    """People were active on a day; an earlier day changes nothing, for events come in any order."""
    await sql.execute(SEEN, kind, list(days), list(days.values()))


async def carried_over(sql: Sql, guest: UUID, account: UUID) -> None:
    """The days of a guest count for an account too."""
    await sql.execute(CARRIED_OVER, guest, account)


async def counted(sql: Sql, quiet_before: date) -> tuple[int, int]:
    """How many people were last active before that day, and how many on it or later."""
    row = await sql.fetchrow(COUNT, quiet_before)
    assert row is not None, "a count without GROUP BY is always one row"
    return int(row["quiet"]), int(row["awake"])
