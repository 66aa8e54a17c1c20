"""Letters with a person's answer about an automated decision, that wait for the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.texts import Text
from services.notify.domain.contact import Addressee, addressee
from services.notify.domain.messages import Template

POSTMAN = "send_reviews"
"""The timer that sends: rung when an answer is heard of, or an address."""
ADD = """
INSERT INTO review_letter (id, subject_id, title, granted, reasons, next_try, created_at)
SELECT $1, $2, $3, $4, $5, $6::timestamptz, $6
WHERE NOT EXISTS (SELECT FROM message WHERE id = $1)
ON CONFLICT DO NOTHING
"""
# The claim is committed before anything is sent, and a lease brings a letter back whose sender died.
CLAIM = """
UPDATE review_letter l SET attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE id IN (SELECT id FROM review_letter WHERE next_try <= $1
             ORDER BY next_try LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, title, granted, reasons, attempts, created_at
"""
CONTACT = "SELECT name, email, locale FROM contact WHERE subject_id = $1"
RETRY = "UPDATE review_letter SET next_try = $2 WHERE id = $1"
END = "DELETE FROM review_letter WHERE id = $1"
SENT = """
INSERT INTO message (id, subject_id, template, state, next_try, created_at, sent_at)
VALUES ($1, $2, 'reviewed', 'sent', $4, $3, $4) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class ReviewLetter:
    """A letter that this process may try to send until its lease ends; `person`: None without an address."""

    id: UUID
    subject: UUID
    title: Text
    granted: int
    reasons: str
    attempts: int
    created_at: datetime
    person: Addressee | None

    @property
    def template(self) -> str:
        """Which letter it is."""
        return Template.REVIEWED


async def add(work: Work, letter: UUID, subject: UUID, answer: tuple[Text, int, str]) -> None:
    """A letter to send: title, places granted, reasons; one that exists or left is not made again."""
    title, granted, reasons = answer
    await work.execute(ADD, letter, subject, title.model_dump_json(), granted, reasons, work.now)
    work.ring(POSTMAN)


async def claim(work: Work, lease: timedelta) -> Sequence[ReviewLetter]:
    """Claim a letter that is due for this process, with the address as it is known now."""
    rows = await work.fetch(CLAIM, work.now, lease)
    return [_letter(row, await work.fetchrow(CONTACT, row["subject_id"])) for row in rows]


async def retry(sql: Sql, letter: UUID, at: datetime) -> None:
    """Try again at an instant."""
    await sql.execute(RETRY, letter, at)


async def end(sql: Sql, letter: UUID) -> bool:
    """Forget a letter and its text; False where another process was faster, or the person was erased."""
    return await sql.execute(END, letter) == 1


async def note_sent(work: Work, letter: ReviewLetter) -> None:
    """List it among the messages of its reader."""
    await work.execute(SENT, letter.id, letter.subject, letter.created_at, work.now)


def _letter(row: Any, contact: Any | None) -> ReviewLetter:
    who = row["subject_id"]
    person = addressee(who, contact["name"], contact["email"], contact["locale"]) if contact else None
    title = Text.model_validate_json(row["title"])
    tries = row["attempts"], row["created_at"]
    return ReviewLetter(row["id"], who, title, row["granted"], row["reasons"], *tries, person)
