"""Rows of automated decisions and of those that were contested."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.events import DecisionAutomatedV1
from contracts.texts import Text

KEEP = """
INSERT INTO decision (decision_id, subject_id, event_id, title, rule, most, counted, asked, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""
CONTEST = """
INSERT INTO contest (case_id, subject_id, decision_id, contested_at, view) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""
CONTESTS = """
SELECT c.case_id, c.decision_id, c.view, c.granted, c.reasons, d.event_id, d.title, d.rule, d.most, d.counted,
    d.asked, d.decided_at
FROM contest c LEFT JOIN decision d USING (decision_id) WHERE c.case_id = ANY ($1)
"""
ANSWER = "UPDATE contest SET granted = $2, reasons = $3 WHERE case_id = $1"
# Whoever is to be forgotten is answered by that: nobody is left to write to.
MOOT = """
UPDATE case_file SET state = 'closed', closed_at = $2
WHERE subject_id = $1 AND kind = 'contest' AND closed_at IS NULL
"""
FIGURES = """
SELECT (SELECT count(*) FROM decision) AS made, count(*) AS contested,
    count(*) FILTER (WHERE c.granted > 0) AS granted, count(*) FILTER (WHERE c.granted = 0) AS upheld
FROM contest c
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a machine decided, and by which numbers."""

    event: UUID
    title: Text
    rule: str
    most: int
    counted: int
    asked: int
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest with its decision, where that was heard of, and the answer, where there is one."""

    case: UUID
    decision: UUID
    view: str
    numbers: Numbers | None
    granted: int | None
    reasons: str | None


async def keep(sql: Sql, said: DecisionAutomatedV1) -> None:
    """Put a decision into the register."""
    numbers = said.rule, said.most, said.counted, said.asked, said.decided_at
    await sql.execute(KEEP, said.decision, said.subject, said.event, said.title.model_dump_json(), *numbers)


async def contest(sql: Sql, case: UUID, subject: UUID, decision: UUID, at: datetime, view: str) -> bool:
    """Keep what somebody says against a decision; False where it is contested already."""
    return await sql.execute(CONTEST, case, subject, decision, at, view) == 1


async def contests(sql: Sql, cases: Iterable[UUID]) -> dict[UUID, ContestRow]:
    """The contests among these cases."""
    return {row["case_id"]: _contest(row) for row in await sql.fetch(CONTESTS, list(cases))}


async def answer(sql: Sql, case: UUID, granted: int, reasons: str) -> None:
    """Keep what a person decided."""
    await sql.execute(ANSWER, case, granted, reasons)


async def end_moot(sql: Sql, subject: UUID, now: datetime) -> None:
    """Close what somebody contested and no longer waits for."""
    await sql.execute(MOOT, subject, now)


async def figures(sql: Sql) -> tuple[int, int, int, int]:
    """How many decisions were made, contested, changed and upheld."""
    row = await sql.fetchrow(FIGURES)
    assert row is not None, "a count without GROUP BY is always one row"
    return row["made"], row["contested"], row["granted"], row["upheld"]


def _contest(row: Any) -> ContestRow:
    numbers = None
    if row["event_id"] is not None:
        told = row["rule"], row["most"], row["counted"], row["asked"], row["decided_at"]
        numbers = Numbers(row["event_id"], Text.model_validate_json(row["title"]), *told)
    about = row["case_id"], row["decision_id"], row["view"]
    return ContestRow(*about, numbers, row["granted"], row["reasons"])
