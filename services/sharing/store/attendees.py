"""Attendees, in one part per purpose: each function runs under the purpose that its part is held for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.work import Sql, Work
from contracts.orders.events import AttendeeCorrectedV1, AttendeeRegisteredV1
from contracts.sharing import api
from contracts.texts import Text
from services.sharing.domain.purposes import AtTheDoor, Share, without

# Two registrations, or a registration and a correction, of one person take turns: neither can see what the
# other has not yet committed. Its own number space keeps it apart from the chassis' lock on the subject.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))"
# Two statements and no DO UPDATE, which is an error where row policies hide the row that is there already.
KEEP_DOOR = """
INSERT INTO attendee_door
    (order_id, event_id, organisation_id, subject_id, name, name_version, seats, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT ends_at FROM event_facts WHERE event_id = $2))
ON CONFLICT DO NOTHING
"""
RENEW_DOOR = """
UPDATE attendee_door SET name = CASE WHEN $5 > name_version THEN $4 ELSE name END,
    name_version = greatest($5, name_version), seats = $6
WHERE order_id = $1 AND event_id = $2 AND organisation_id = $3
"""
KEEP_NEWS = """
INSERT INTO attendee_news
    (order_id, event_id, organisation_id, subject_id, email, email_version, registered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
RENEW_NEWS = """
UPDATE attendee_news SET email = $4, email_version = $5
WHERE order_id = $1 AND event_id = $2 AND organisation_id = $3 AND email_version < $5
"""
CORRECT_DOOR = """
UPDATE attendee_door SET name = $2, name_version = $3 WHERE subject_id = $1 AND name_version < $3
"""
CORRECT_NEWS = """
UPDATE attendee_news SET email = $2, email_version = $3 WHERE subject_id = $1 AND email_version < $3
"""
REMEMBER = """
INSERT INTO correction AS c (subject_id, name, name_version, email, email_version, corrected_at)
VALUES ($1, $2, CASE WHEN $2::text IS NULL THEN 0 ELSE $4 END,
        $3, CASE WHEN $3::text IS NULL THEN 0 ELSE $4 END, $5)
ON CONFLICT (subject_id) DO UPDATE SET
    name = CASE WHEN excluded.name_version > c.name_version THEN excluded.name ELSE c.name END,
    name_version = greatest(excluded.name_version, c.name_version),
    email = CASE WHEN excluded.email_version > c.email_version THEN excluded.email ELSE c.email END,
    email_version = greatest(excluded.email_version, c.email_version),
    corrected_at = excluded.corrected_at
"""
APPLY_TO_DOOR = """
UPDATE attendee_door d SET name = c.name, name_version = c.name_version FROM correction c
WHERE c.subject_id = $1 AND d.subject_id = $1 AND c.name_version > d.name_version
"""
APPLY_TO_NEWS = """
UPDATE attendee_news n SET email = c.email, email_version = c.email_version FROM correction c
WHERE c.subject_id = $1 AND n.subject_id = $1 AND c.email_version > n.email_version
"""
KEEP = """
INSERT INTO attendee
    (attendee_id, subject_id, order_id, event_id, organisation_id, allowed, version, registered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""
SHARE = "SELECT attendee_id, subject_id, order_id, event_id, organisation_id, allowed FROM attendee"
BY_ORDER = """
SELECT attendee_id, subject_id, order_id, event_id, organisation_id, allowed, version FROM attendee
WHERE order_id = $1 AND event_id = $2 AND organisation_id = $3 FOR UPDATE
"""
BY_ID = f"{SHARE} WHERE attendee_id = $1"
OF_PERSON = f"{SHARE} WHERE subject_id = $1"
CHOSEN = """
SELECT attendee_id, organisation_id, allowed FROM attendee
WHERE subject_id = $1 AND ($2::uuid IS NULL OR organisation_id = $2) AND $3 = ANY (allowed) FOR UPDATE
"""
DOOR = """
SELECT name, seats FROM attendee_door WHERE order_id = $1 AND event_id = $2 AND organisation_id = $3
"""
NEWS = """
SELECT email FROM attendee_news WHERE order_id = $1 AND event_id = $2 AND organisation_id = $3
"""
AT_THE_DOOR = """
SELECT a.attendee_id, a.subject_id, a.event_id, a.allowed, d.name, d.seats, f.title_nl, f.title_fr, f.title_en
FROM attendee a JOIN attendee_door d USING (order_id, event_id, organisation_id)
LEFT JOIN event_facts f USING (event_id)
WHERE a.organisation_id = $1 AND ($2::uuid IS NULL OR a.event_id = $2)
ORDER BY d.name, a.attendee_id LIMIT $3
"""
FORGET = (
    "DELETE FROM delivery WHERE subject_id = $1",
    "DELETE FROM attendee_door WHERE subject_id = $1",
    "DELETE FROM attendee_news WHERE subject_id = $1",
    "DELETE FROM attendee WHERE subject_id = $1",
)
COUNT_TERMS = """
UPDATE attendee_door d SET ends_at = f.ends_at FROM event_facts f
WHERE f.event_id = d.event_id AND d.ends_at IS DISTINCT FROM f.ends_at
"""


async def take_turns(sql: Sql, subject: UUID) -> None:
    """Wait for whoever writes about this person, and let others wait until this transaction ends."""
    await sql.execute(TAKE_TURNS, str(subject))


async def keep_door(sql: Sql, told: AttendeeRegisteredV1) -> None:
    """Keep the door list's part (purpose co_presentation_door_list)."""
    key, part = (told.order, told.event, told.organisation), (told.name, told.version, list(told.seats))
    if await sql.execute(KEEP_DOOR, *key, told.subject, *part) == 0:
        await sql.execute(RENEW_DOOR, *key, *part)


async def keep_news(work: Work, told: AttendeeRegisteredV1) -> None:
    """Keep the part for news (purpose co_presentation_news)."""
    key, part = (told.order, told.event, told.organisation), (str(told.email), told.version)
    if await work.execute(KEEP_NEWS, *key, told.subject, *part, work.now) == 0:
        await work.execute(RENEW_NEWS, *key, *part)


async def keep(work: Work, id: UUID, told: AttendeeRegisteredV1) -> bool:
    """Keep an attendee under a fresh id; False where this order was registered before."""
    touched = await work.execute(
        KEEP,
        id,
        told.subject,
        told.order,
        told.event,
        told.organisation,
        list(told.allowed),
        told.version,
        work.now,
    )
    return touched == 1


async def by_order(sql: Sql, told: AttendeeRegisteredV1) -> tuple[Share, int] | None:
    """The attendee of an order at an event, locked, with the version it was registered with."""
    row: Any = await sql.fetchrow(BY_ORDER, told.order, told.event, told.organisation)
    return (_share(row), row["version"]) if row else None


async def allow(sql: Sql, attendee: UUID, allowed: tuple[str, ...], version: int) -> None:
    """Set the purposes that somebody is registered for."""
    await sql.execute(
        "UPDATE attendee SET allowed = $2, version = $3 WHERE attendee_id = $1",
        attendee,
        list(allowed),
        version,
    )


async def by_id(sql: Sql, attendee: UUID) -> Share | None:
    """An attendee, or None where the person was forgotten."""
    row = await sql.fetchrow(BY_ID, attendee)
    return _share(row) if row else None


async def forget(sql: Sql, subject: UUID) -> None:
    """Keep nothing that a feed needs of a person; ledger and recalls stay (purpose rights)."""
    for statement in FORGET:
        await sql.execute(statement, subject)


async def of_person(sql: Sql, subject: UUID) -> list[Share]:
    """Everything that is shared about a person (purpose rights)."""
    return [_share(row) for row in await sql.fetch(OF_PERSON, subject)]


async def door_part(sql: Sql, share: Share) -> AtTheDoor | None:
    """Name and seats, or None where they are not held."""
    row = await sql.fetchrow(DOOR, share.order, share.event, share.organisation)
    return AtTheDoor(row["name"], tuple(row["seats"])) if row else None


async def news_part(sql: Sql, share: Share) -> str | None:
    """The e-mail address, or None where it is not held."""
    email: str | None = await sql.fetchval(NEWS, share.order, share.event, share.organisation)
    return email


async def correct(work: Work, told: AttendeeCorrectedV1) -> None:
    """Correct what is held, and remember it for registrations still under way (purpose rights)."""
    email = str(told.email) if told.email is not None else None
    await work.execute(REMEMBER, told.subject, told.name, email, told.version, work.now)
    if told.name is not None:
        await work.execute(CORRECT_DOOR, told.subject, told.name, told.version)
    if email is not None:
        await work.execute(CORRECT_NEWS, told.subject, email, told.version)


async def apply_corrections(sql: Sql, subject: UUID) -> None:
    """Put corrections that came earlier over a registration that came later (purpose rights)."""
    await sql.execute(APPLY_TO_DOOR, subject)
    await sql.execute(APPLY_TO_NEWS, subject)


async def known_to(sql: Sql, subject: UUID) -> list[tuple[UUID, UUID]]:
    """A person's attendees with their organisations (purpose keeping_choices)."""
    rows = await sql.fetch("SELECT attendee_id, organisation_id FROM attendee WHERE subject_id = $1", subject)
    return [(row["attendee_id"], row["organisation_id"]) for row in rows]


async def refuse(sql: Sql, subject: UUID, purpose: str, organisation: UUID | None) -> list[tuple[UUID, UUID]]:
    """Take a purpose away from a person's attendees; those it was taken from, with their organisations.

    An organisation of None means all of them (purpose keeping_choices).
    """
    rows = await sql.fetch(CHOSEN, subject, organisation, purpose)
    for row in rows:
        await sql.execute(
            "UPDATE attendee SET allowed = $2 WHERE attendee_id = $1",
            row["attendee_id"],
            list(without(row["allowed"], purpose)),
        )
    return [(row["attendee_id"], row["organisation_id"]) for row in rows]


async def drop_door(sql: Sql, subject: UUID, organisation: UUID | None) -> None:
    """Drop the fields that only the door list needed."""
    await sql.execute(
        "DELETE FROM attendee_door WHERE subject_id = $1 AND ($2::uuid IS NULL OR organisation_id = $2)",
        subject,
        organisation,
    )


async def drop_news(sql: Sql, subject: UUID, organisation: UUID | None) -> None:
    """Drop the fields that only news needed."""
    await sql.execute(
        "DELETE FROM attendee_news WHERE subject_id = $1 AND ($2::uuid IS NULL OR organisation_id = $2)",
        subject,
        organisation,
    )


async def at_the_door(
    sql: Sql, organisation: UUID, event: UUID | None, most: int
) -> list[tuple[UUID, api.Attendee]]:
    """The door list of one organisation, by name, each with whose it is (co_presentation_door_list)."""
    rows = await sql.fetch(AT_THE_DOOR, organisation, event, most)
    return [(row["subject_id"], _shown(row)) for row in rows]


async def count_terms(sql: Sql) -> int:
    """Let the door list's term count from the end of each event, as it is known now (storage_limitation)."""
    return await sql.execute(COUNT_TERMS)


def _share(row: Any) -> Share:
    return Share(
        row["attendee_id"],
        row["subject_id"],
        row["order_id"],
        row["event_id"],
        row["organisation_id"],
        tuple(row["allowed"]),
    )


def _shown(row: Any) -> api.Attendee:
    title = row["title_nl"] and Text(nl=row["title_nl"], fr=row["title_fr"], en=row["title_en"])
    return api.Attendee(
        attendee=row["attendee_id"],
        event=row["event_id"],
        event_title=title or None,
        name=row["name"],
        seats=tuple(row["seats"]),
        allowed=tuple(row["allowed"]),
    )
