"""Letters about accounts that wait for the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.work import Sql, Work
from contracts.accounts.events import LetterOrderedV1

POSTMAN = "send_account_letters"
"""The timer that sends: rung when a letter is ordered."""
ADD = """
INSERT INTO account_letter (id, subject_id, kind, email, name, locale, next_try, created_at, expires_at)
SELECT $1, $2::uuid, $3, $4, $5, $6, $7::timestamptz, $7, $8::timestamptz
WHERE NOT EXISTS (SELECT FROM message WHERE id = $1)
ON CONFLICT DO NOTHING
"""
# The claim is committed before anything is sent, and a lease brings a letter back whose sender died.
CLAIM = """
UPDATE account_letter SET attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE id IN (SELECT id FROM account_letter WHERE next_try <= $1
             ORDER BY next_try LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, kind, email, name, locale, attempts, created_at, expires_at
"""
RETRY = "UPDATE account_letter SET next_try = $2 WHERE id = $1"
END = "DELETE FROM account_letter WHERE id = $1"
EXPIRE = "DELETE FROM account_letter WHERE expires_at <= $1"
SENT = """
INSERT INTO message (id, subject_id, template, state, next_try, created_at, sent_at)
VALUES ($1, $2, $3, 'sent', $5, $4, $5) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class AccountLetter:
    """A letter that this process may try to send until its lease ends. `attempts` counts this try."""

    id: UUID
    subject: UUID
    kind: str
    email: str
    name: str | None
    locale: str
    attempts: int
    created_at: datetime
    expires_at: datetime

    @property
    def template(self) -> str:
        """Which letter it is."""
        return f"account_{self.kind}"


async def add(work: Work, ordered: LetterOrderedV1) -> None:
    """A letter to send; one that exists stays as it is, and one that left is not sent again."""
    row = (ordered.letter, ordered.subject, ordered.kind, str(ordered.email), ordered.name, ordered.locale)
    await work.execute(ADD, *row, work.now, ordered.expires_at)
    work.ring(POSTMAN)


async def claim(work: Work, lease: timedelta, limit: int) -> Sequence[AccountLetter]:
    """Claim due letters for this process; those whose time is over are forgotten unsent."""
    await work.execute(EXPIRE, work.now)
    return [AccountLetter(*row.values()) for row in await work.fetch(CLAIM, work.now, lease, limit)]


async def retry(sql: Sql, letter: UUID, at: datetime) -> None:
    """Try again at an instant."""
    await sql.execute(RETRY, letter, at)


async def end(sql: Sql, letter: UUID) -> bool:
    """Forget a letter and its address; False where another process was faster, or the person was erased."""
    return await sql.execute(END, letter) == 1


async def note_sent(work: Work, letter: AccountLetter) -> None:
    """List it among the messages of its reader."""
    await work.execute(SENT, letter.id, letter.subject, letter.template, letter.created_at, work.now)
