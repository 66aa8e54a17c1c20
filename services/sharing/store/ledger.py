"""The ledger of disclosures, and recalls with what recipients answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.sharing import api

DISCLOSE = """
INSERT INTO disclosure (disclosure_id, subject_id, organisation_id, attendee_id, allowed, made_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
OF_PERSON = """
SELECT d.organisation_id, o.name, d.allowed, d.made_at FROM disclosure d
LEFT JOIN organisation o USING (organisation_id) WHERE d.subject_id = ANY ($1)
ORDER BY d.made_at DESC LIMIT 1000
"""
RECALL = """
INSERT INTO recall (recall_id, case_id, subject_id, organisation_id, ordered_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
OF_RECIPIENT = "SELECT recall_id FROM recall WHERE case_id = $1 AND organisation_id = $2"
FIND = "SELECT case_id, subject_id, organisation_id, state, due_at FROM recall WHERE recall_id = $1"
LOCKED = f"{FIND} FOR UPDATE"
UNANSWERED = """
SELECT count(*) FROM delivery WHERE recall_id = $1 AND state <> 'acknowledged'
"""
ANSWERED = """
UPDATE recall SET state = 'acknowledged', answered_at = $2 WHERE recall_id = $1 AND state <> 'acknowledged'
"""
OVERDUE = """
UPDATE recall SET state = 'overdue' WHERE recall_id IN (
    SELECT recall_id FROM recall WHERE state = 'waiting' AND due_at <= $1 LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING case_id, subject_id, organisation_id, state, due_at
"""
OF_CASE = """
SELECT r.subject_id, r.organisation_id, o.name, r.state, r.answered_at FROM recall r
LEFT JOIN organisation o USING (organisation_id) WHERE r.case_id = $1 ORDER BY o.name
"""
NAMELESS = "—"


@dataclass(frozen=True, slots=True)
class Recall:
    """A recipient that must forget someone by then."""

    case: UUID
    subject: UUID
    recipient: UUID
    due_at: datetime


async def disclose(
    work: Work, id: UUID, subject: UUID, organisation: UUID, attendee: UUID, allowed: tuple[str, ...]
) -> None:
    """Enter in the ledger that a recipient got data."""
    await work.execute(DISCLOSE, id, subject, organisation, attendee, list(allowed), work.now)


async def disclosures_of(sql: Sql, subjects: Sequence[UUID]) -> tuple[api.Disclosure, ...]:
    """Who got data of a person, who may have several ids, newest first; at most 1,000."""
    return tuple(
        api.Disclosure(
            recipient=row["organisation_id"],
            recipient_name=row["name"] or NAMELESS,
            allowed=tuple(row["allowed"]),
            made_at=row["made_at"],
        )
        for row in await sql.fetch(OF_PERSON, subjects)
    )


async def order_recall(work: Work, id: UUID, recall: Recall) -> UUID:
    """Note that a recipient must forget someone; the recall that counts, which may be an earlier one.

    Guests that an account kept go with it in one case, and a recipient answers a case once.
    """
    await work.execute(RECALL, id, recall.case, recall.subject, recall.recipient, work.now, recall.due_at)
    ordered: UUID = await work.fetchval(OF_RECIPIENT, recall.case, recall.recipient)
    return ordered


async def find(sql: Sql, recall: UUID) -> Recall | None:
    """A recall, or None."""
    row = await sql.fetchrow(FIND, recall)
    return _recall(row) if row else None


async def all_answered(work: Work, recall: UUID) -> Recall | None:
    """The recall, closed, if the answer that just came was the last; None while others are awaited."""
    row = await work.fetchrow(LOCKED, recall)
    if row is None or await work.fetchval(UNANSWERED, recall):
        return None
    return _recall(row) if await work.execute(ANSWERED, recall, work.now) == 1 else None


async def overdue(work: Work) -> list[Recall]:
    """Recalls whose term passed unanswered and that nobody was told of yet."""
    return [_recall(row) for row in await work.fetch(OVERDUE, work.now)]


async def recalls_of(sql: Sql, case: UUID) -> list[tuple[UUID, api.Recall]]:
    """Recalls of a case by recipient, each with the person it is about."""
    return [(row["subject_id"], _shown(row)) for row in await sql.fetch(OF_CASE, case)]


def _shown(row: Any) -> api.Recall:
    return api.Recall(
        recipient=row["organisation_id"],
        recipient_name=row["name"] or NAMELESS,
        state=row["state"],
        answered_at=row["answered_at"],
    )


def _recall(row: Any) -> Recall:
    return Recall(row["case_id"], row["subject_id"], row["organisation_id"], row["due_at"])
