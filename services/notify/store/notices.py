"""Letters that tell somebody what was decided about their rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.work import Work
from services.notify.domain.contact import Addressee
from services.notify.domain.messages import Template
from services.notify.store import contacts

POSTMAN = "send_notices"
NOTICES = (Template.RESTRICTION_ENDING, Template.OBJECTION_STANDS, Template.OBJECTION_OVERRIDDEN)
INSERT = """
INSERT INTO message
    (id, subject_id, template, case_id, as_of, purpose, grounds, state, next_try, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'due', $8, $8) ON CONFLICT DO NOTHING
"""
CLAIM = """
UPDATE message SET state = 'sending', attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE id IN (SELECT id FROM message WHERE state IN ('due', 'sending') AND next_try <= $1
             AND template = ANY ($3::text[]) ORDER BY next_try LIMIT $4 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, template, as_of, purpose, grounds, attempts, created_at
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a letter tells: about which purpose and on which grounds, or from when on.

    `person` is None without an address.
    """

    id: UUID
    subject: UUID
    template: Template
    as_of: datetime
    purpose: str | None
    grounds: str | None
    attempts: int
    created_at: datetime
    person: Addressee | None = None


async def add(work: Work, notice: Notice, case: UUID) -> None:
    """Plan a letter; one that exists stays as it is."""
    await work.execute(
        INSERT,
        notice.id,
        notice.subject,
        notice.template.value,
        case,
        notice.as_of,
        notice.purpose,
        notice.grounds,
        notice.created_at,
    )
    work.ring(POSTMAN)


async def claim(work: Work, lease: timedelta, limit: int) -> Sequence[Notice]:
    """Claim due letters for this process, with addresses as known now; `attempts` counts this try."""
    names = [one.value for one in NOTICES]
    found = [
        Notice(
            row["id"],
            row["subject_id"],
            Template(row["template"]),
            row["as_of"],
            row["purpose"],
            row["grounds"],
            row["attempts"],
            row["created_at"],
        )
        for row in await work.fetch(CLAIM, work.now, lease, names, limit)
    ]
    people = await contacts.find_all(work, [one.subject for one in found]) if found else {}
    return [replace(one, person=people.get(one.subject)) for one in found]
