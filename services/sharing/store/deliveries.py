"""Messages to recipients and how they went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.sharing import api
from services.sharing.domain.fate import Again, Settled
from services.sharing.domain.message import Kind

COURIER = "deliver"
"""The timer that takes messages away: rung for each new one."""
INSERT_REGISTERED = """
INSERT INTO delivery (delivery_id, organisation_id, attendee_id, subject_id, kind, next_try, created_at)
VALUES ($1, $2, $3, $4, 'registered', $5, $5)
"""
INSERT = """
INSERT INTO delivery
    (delivery_id, organisation_id, attendee_id, subject_id, kind, about, next_try, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
"""
INSERT_RECALL = """
INSERT INTO delivery (delivery_id, organisation_id, attendee_id, kind, recall_id, next_try, created_at)
VALUES ($1, $2, $3, 'erased', $4, $5, $6)
"""
# Whoever is suspended is told of no more buyers; corrections, objections and recalls go on (Art. 19).
# Messages about one attendee go one after the other; the claim is committed before anything leaves, and a
# lease brings a message back whose courier died. A repeat carries the same webhook-id.
CLAIM = """
UPDATE delivery SET state = 'sending', attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE delivery_id IN (
    SELECT d.delivery_id FROM delivery d
    WHERE d.organisation_id = $3 AND d.kind = ANY ($4::text[]) AND d.state IN ('waiting', 'sending')
    AND (d.kind <> 'registered' OR NOT EXISTS (
        SELECT FROM organisation o WHERE o.organisation_id = d.organisation_id AND o.suspended))
    AND d.next_try <= $1 AND NOT EXISTS (
        SELECT FROM delivery e WHERE e.attendee_id = d.attendee_id AND e.position < d.position
        AND e.state IN ('waiting', 'sending'))
    ORDER BY d.position LIMIT $5 FOR UPDATE OF d SKIP LOCKED)
RETURNING delivery_id, attendee_id, subject_id, kind, about, recall_id, attempts, created_at
"""
SETTLE = """
UPDATE delivery SET state = $2, delivered_at = $3 WHERE delivery_id = $1 AND state = 'sending'
"""
AGAIN = "UPDATE delivery SET state = 'waiting', next_try = $2 WHERE delivery_id = $1 AND state = 'sending'"
OF_ORGANISATION = """
SELECT delivery_id, kind, state, attempts, created_at, delivered_at FROM delivery
WHERE organisation_id = $1 AND state <> 'dropped' ORDER BY position DESC LIMIT 500
"""
HOLD_STILL = "SELECT delivery_id FROM delivery WHERE subject_id = $1 FOR UPDATE"
# What a recipient may hold of a person: whatever was tried counts, for an answer can be lost on its way back.
MAY_HOLD = """
SELECT a.attendee_id, a.organisation_id, EXISTS (
    SELECT FROM delivery d WHERE d.attendee_id = a.attendee_id AND d.state = 'sending') AS under_way
FROM attendee a WHERE a.subject_id = $1 AND (
    EXISTS (SELECT FROM disclosure s WHERE s.attendee_id = a.attendee_id)
    OR EXISTS (SELECT FROM delivery d WHERE d.attendee_id = a.attendee_id AND d.kind = 'registered'
               AND d.attempts > 0 AND d.state <> 'dropped'))
ORDER BY a.organisation_id, a.attendee_id
"""
WAS_TOLD = """
SELECT EXISTS (SELECT FROM disclosure WHERE attendee_id = $1) OR EXISTS (
    SELECT FROM delivery
    WHERE attendee_id = $1 AND kind = 'registered' AND attempts > 0 AND state <> 'dropped')
"""
STATES = {"sending": "waiting"}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process may try to deliver until its lease ends. `attempts` counts this try."""

    id: UUID
    organisation: UUID
    attendee: UUID
    subject: UUID | None
    kind: Kind
    about: tuple[str, ...]
    recall: UUID | None
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """An attendee that a recipient may hold, and whether a message about them is under way at this moment."""

    attendee: UUID
    organisation: UUID
    under_way: bool


async def add_registered(work: Work, id: UUID, organisation: UUID, attendee: UUID, subject: UUID) -> None:
    """Tell a recipient of an attendee (purpose operation)."""
    await work.execute(INSERT_REGISTERED, id, organisation, attendee, subject, work.now)
    work.ring(COURIER)


async def add(
    work: Work, id: UUID, organisation: UUID, attendee: UUID, subject: UUID, kind: Kind, about: Sequence[str]
) -> None:
    """Tell a recipient of a correction or an objection."""
    await work.execute(INSERT, id, organisation, attendee, subject, kind.value, list(about), work.now)
    work.ring(COURIER)


async def add_recall(work: Work, id: UUID, holding: Holding, recall: UUID, not_before: datetime) -> None:
    """Tell a recipient to forget an attendee; the row knows nothing else of the person."""
    await work.execute(
        INSERT_RECALL, id, holding.organisation, holding.attendee, recall, not_before, work.now
    )
    work.ring(COURIER)


async def claim(
    work: Work, organisation: UUID, kinds: Sequence[Kind], lease: timedelta, limit: int
) -> list[Claimed]:
    """Claim due messages to one organisation for this process."""
    names = [kind.value for kind in kinds]
    rows = await work.fetch(CLAIM, work.now, lease, organisation, names, limit)
    return [_claimed(row, organisation) for row in rows]


async def settle(work: Work, delivery: UUID, how: Settled) -> bool:
    """Note how a message ended; False where the row is gone because the person was forgotten."""
    delivered_at = None if how is Settled.FAILED else work.now
    return await work.execute(SETTLE, delivery, how.value, delivered_at) == 1


async def drop(work: Work, delivery: UUID) -> None:
    """Note that nothing may leave any more."""
    await work.execute(SETTLE, delivery, "dropped", None)


async def again(work: Work, delivery: UUID, when: Again) -> None:
    """Try again later."""
    await work.execute(AGAIN, delivery, when.at)


async def hold_still(sql: Sql, subject: UUID) -> None:
    """Let no courier begin with a message about this person until this transaction ends (purpose rights).

    Without it a message could leave between the question who holds something and the erasure.
    """
    await sql.fetch(HOLD_STILL, subject)


async def held_of(sql: Sql, subject: UUID) -> list[Holding]:
    """What recipients may hold of a person (purpose rights)."""
    rows = await sql.fetch(MAY_HOLD, subject)
    return [Holding(row["attendee_id"], row["organisation_id"], row["under_way"]) for row in rows]


async def was_told(sql: Sql, attendee: UUID) -> bool:
    """Whether a recipient may know of this attendee (purpose rights)."""
    return bool(await sql.fetchval(WAS_TOLD, attendee))


async def shown(sql: Sql, organisation: UUID) -> tuple[api.Delivery, ...]:
    """The latest 500 messages to one organisation, newest first."""
    return tuple(
        api.Delivery(
            id=row["delivery_id"],
            kind=Kind(row["kind"]).type,
            state=STATES.get(row["state"], row["state"]),
            attempts=row["attempts"],
            created_at=row["created_at"],
            delivered_at=row["delivered_at"],
        )
        for row in await sql.fetch(OF_ORGANISATION, organisation)
    )


def _claimed(row: Any, organisation: UUID) -> Claimed:
    return Claimed(
        row["delivery_id"],
        organisation,
        row["attendee_id"],
        row["subject_id"],
        Kind(row["kind"]),
        tuple(row["about"]),
        row["recall_id"],
        row["attempts"],
        row["created_at"],
    )
