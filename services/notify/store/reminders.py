"""Letters about wishes that wait for the mail server."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.texts import Text
from services.notify.domain.contact import Addressee
from services.notify.domain.reminders import Known
from services.notify.store import contacts

POSTMAN = "send_reminders"
"""The timer that sends: rung when something is to be told."""
ADD = """
INSERT INTO reminder (id, subject_id, event_id, kind, facts, before, next_try, created_at)
SELECT u.id, u.subject, $3, $4, $5, $6::timestamptz, $7::timestamptz, $7
FROM unnest($1::uuid[], $2::uuid[]) AS u (id, subject)
WHERE NOT EXISTS (SELECT FROM message m WHERE m.id = u.id)
ON CONFLICT DO NOTHING
"""
# What a later change makes untrue, unless somebody is being told of it right now.
OVERTAKEN = "DELETE FROM reminder WHERE event_id = $1 AND kind = $2 AND facts < $3 AND attempts = 0"
# The claim is committed before anything is sent, and a lease brings a letter back whose sender died.
CLAIM = """
UPDATE reminder SET attempts = attempts + 1, next_try = $1::timestamptz + $2::interval
WHERE id IN (SELECT id FROM reminder WHERE next_try <= $1 ORDER BY next_try LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, subject_id, event_id, kind, facts, before, attempts, created_at
"""
KNOWN = """
SELECT r.id, COALESCE(r.kind = ANY (w.kinds), false) AS wished, COALESCE(a.nearly_full, false) AS nearly_full,
    EXISTS (SELECT FROM ticket_order t
            WHERE t.event_id = r.event_id AND t.subject_id = r.subject_id) AS has_ticket,
    f.version, f.slug, f.title_nl, f.title_fr, f.title_en, f.hall, f.starts_at, f.ends_at
FROM reminder r
LEFT JOIN wish w ON w.subject_id = r.subject_id AND w.event_id = r.event_id
LEFT JOIN event_facts f ON f.event_id = r.event_id
LEFT JOIN availability a ON a.event_id = r.event_id
WHERE r.id = ANY ($1)
"""
RETRY = "UPDATE reminder SET next_try = $2 WHERE id = $1"
END = "DELETE FROM reminder WHERE id = ANY ($1) RETURNING id"
SENT = """
INSERT INTO message (id, subject_id, template, state, next_try, created_at, sent_at)
SELECT u.*, 'sent', $5, $4, $5 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Show:
    """The event as the letter tells it; `slug` is None where it was not heard of since it has one here."""

    title: Text
    hall: str
    starts_at: datetime
    slug: str | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A letter that this process may try to send until its lease ends, with what is known at this instant."""

    id: UUID
    subject: UUID
    event: UUID
    kind: str
    before: datetime | None
    attempts: int
    created_at: datetime
    known: Known
    show: Show | None
    person: Addressee | None

    @property
    def template(self) -> str:
        """Which letter it is."""
        return f"wish_{self.kind}"


async def add(
    work: Work,
    letters: Mapping[UUID, UUID],
    about: tuple[UUID, str],
    facts: int = 0,
    before: datetime | None = None,
) -> None:
    """Letters by id, to whom: `about` is event and kind. One that exists or was sent stays as it is."""
    if letters:
        columns = list(letters), list(letters.values())
        await work.execute(ADD, *columns, *about, facts, before, work.now)
        work.ring(POSTMAN)


async def drop_overtaken(sql: Sql, event: UUID, kind: str, facts: int) -> None:
    """Forget letters that a later change of the event has overtaken."""
    await sql.execute(OVERTAKEN, event, kind, facts)


async def claim(work: Work, lease: timedelta, limit: int) -> Sequence[Reminder]:
    """Claim due letters for this process; `attempts` counts this try."""
    rows = await work.fetch(CLAIM, work.now, lease, limit)
    known = {row["id"]: row for row in await work.fetch(KNOWN, [row["id"] for row in rows])} if rows else {}
    people = await contacts.find_all(work, [row["subject_id"] for row in rows]) if rows else {}
    return [_reminder(row, known[row["id"]], people.get(row["subject_id"])) for row in rows]


async def retry(sql: Sql, letter: UUID, at: datetime) -> None:
    """Try again at an instant."""
    await sql.execute(RETRY, letter, at)


async def end(sql: Sql, letters: Collection[UUID]) -> set[UUID]:
    """Forget letters; without those that another process ended, or whose person was erased."""
    return {row["id"] for row in await sql.fetch(END, list(letters))}


async def note_sent(work: Work, sent: Sequence[Reminder]) -> None:
    """List them among the messages of their readers."""
    columns = [one.id for one in sent], [one.subject for one in sent], [one.template for one in sent]
    await work.execute(SENT, *columns, min(one.created_at for one in sent), work.now)


def _reminder(row: Any, known: Any, person: Addressee | None) -> Reminder:
    show = None
    if known["version"] is not None:
        title = Text(nl=known["title_nl"], fr=known["title_fr"], en=known["title_en"])
        show = Show(title, known["hall"], known["starts_at"], known["slug"])
    facts = Known(
        row["kind"],
        wished=known["wished"],
        has_ticket=known["has_ticket"],
        nearly_full=known["nearly_full"],
        up_to_date=show is not None and known["version"] >= row["facts"],
        starts_at=known["starts_at"],
        ends_at=known["ends_at"],
    )
    who = row["id"], row["subject_id"], row["event_id"], row["kind"], row["before"]
    return Reminder(*who, row["attempts"], row["created_at"], facts, show, person)
