"""Messages and their fate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.notify.api import Message
from services.notify.domain.messages import Template

POSTMAN, LAST_POSTMAN = "send_messages", "send_last_letters"
"""The timers that send: rung when a message or what it waited for came in."""
INSERT = """
INSERT INTO message (id, subject_id, template, order_id, event_id, state, next_try, created_at)
SELECT p.*, 'waiting_for_contact', $1, $1
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[]) AS p ON CONFLICT DO NOTHING
"""
INSERT_LAST = """
INSERT INTO message (id, subject_id, template, case_id, as_of, state, next_try, created_at)
VALUES ($1, $2, 'erased', $3, $4, 'due', $5, $5) ON CONFLICT DO NOTHING
"""
# Looked up by the sender at each round and not by the handlers: two events that arrive at the same instant
# cannot see each other's row, and each would leave the message to the other.
RELEASE = """
UPDATE message m SET state = 'due', next_try = $1 WHERE m.state = 'waiting_for_contact'
AND EXISTS (SELECT FROM contact c WHERE c.subject_id = m.subject_id AND c.email IS NOT NULL)
AND EXISTS (SELECT FROM event_facts f WHERE f.event_id = m.event_id)
"""
GIVE_UP_WAITING = """
UPDATE message SET state = 'failed' WHERE state = 'waiting_for_contact' AND created_at < $1
"""
# The claim is committed before anything is sent, and a lease brings a message back whose sender died.
CLAIM = """
UPDATE message SET state = 'sending', attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE id IN (SELECT id FROM message WHERE state IN ('due', 'sending') AND next_try <= $1
             AND template = ANY($3::text[]) ORDER BY next_try LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, template, order_id, event_id, attempts, created_at
"""
CLAIM_LAST = """
UPDATE message SET state = 'sending', attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE id IN (SELECT id FROM message WHERE state IN ('due', 'sending') AND next_try <= $1
             AND template = 'erased' ORDER BY next_try LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, case_id, as_of, attempts, created_at
"""
MARK_SENT = """
UPDATE message SET state = 'sent', sent_at = $2 WHERE id = ANY ($1::uuid[]) AND state = 'sending' RETURNING id
"""
RETRY = "UPDATE message SET state = 'due', next_try = $2 WHERE id = $1 AND state = 'sending'"
GIVE_UP = "UPDATE message SET state = 'failed' WHERE id = $1 AND state = 'sending'"
OF_PERSON = """
SELECT id, template, state, sent_at FROM message WHERE subject_id = ANY ($1)
ORDER BY created_at DESC LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that is to be sent, about an order for an event."""

    id: UUID
    subject: UUID
    template: Template
    order: UUID
    event: UUID


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process may try to send until its lease ends. `attempts` counts this try."""

    id: UUID
    subject: UUID
    template: Template
    order: UUID | None
    event: UUID | None
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedLast:
    """The last letter before an erasure, with the case that it belongs to."""

    id: UUID
    subject: UUID
    case: UUID
    as_of: datetime
    attempts: int
    created_at: datetime


async def add(work: Work, planned: Sequence[Planned]) -> None:
    """Messages that wait until address and event are known; one that exists stays as it is."""
    if planned:
        rows = [(one.id, one.subject, one.template.value, one.order, one.event) for one in planned]
        await work.execute(INSERT, work.now, *map(list, zip(*rows, strict=True)))
        work.ring(POSTMAN)


async def add_last(work: Work, id: UUID, subject: UUID, case: UUID, as_of: datetime) -> None:
    """The last letter of a case; one that exists stays as it is."""
    await work.execute(INSERT_LAST, id, subject, case, as_of, work.now)
    work.ring(LAST_POSTMAN)


async def release(work: Work) -> int:
    """Make due what has everything now; how many."""
    return await work.execute(RELEASE, work.now)


async def give_up_waiting(work: Work, since: datetime) -> int:
    """Give up what has waited for an address or an event since before an instant; how many."""
    return await work.execute(GIVE_UP_WAITING, since)


async def claim(work: Work, templates: Sequence[Template], lease: timedelta, limit: int) -> list[Claimed]:
    """Claim due messages for this process."""
    names = [template.value for template in templates]
    rows = await work.fetch(CLAIM, work.now, lease, names, limit)
    return [_claimed(row) for row in rows]


async def claim_last(work: Work, lease: timedelta, limit: int) -> list[ClaimedLast]:
    """Claim due last letters for this process."""
    return [
        ClaimedLast(
            row["id"], row["subject_id"], row["case_id"], row["as_of"], row["attempts"], row["created_at"]
        )
        for row in await work.fetch(CLAIM_LAST, work.now, lease, limit)
    ]


async def mark_sent(work: Work, sent: Sequence[UUID]) -> set[UUID]:
    """Note that messages were handed over; without those that are gone or another process noted faster."""
    return {row["id"] for row in await work.fetch(MARK_SENT, list(sent), work.now)}


async def retry(sql: Sql, message: UUID, at: datetime) -> None:
    """Try again at an instant."""
    await sql.execute(RETRY, message, at)


async def give_up(sql: Sql, message: UUID) -> None:
    """Note that a message will not be sent."""
    await sql.execute(GIVE_UP, message)


async def of_person(sql: Sql, subjects: Sequence[UUID]) -> tuple[Message, ...]:
    """The latest 200 messages of one person, who may have several ids, newest first."""
    return tuple(
        Message(id=row["id"], template=row["template"], state=row["state"], sent_at=row["sent_at"])
        for row in await sql.fetch(OF_PERSON, subjects)
    )


def _claimed(row: Any) -> Claimed:
    return Claimed(
        row["id"],
        row["subject_id"],
        Template(row["template"]),
        row["order_id"],
        row["event_id"],
        row["attempts"],
        row["created_at"],
    )
