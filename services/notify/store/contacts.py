"""The replica of addresses."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.work import Sql, Work
from services.notify.domain.contact import Addressee, ContactNews, addressee

# Each field keeps the value of its highest version, so that the order of arrival does not matter.
LEARN = """
INSERT INTO contact AS c
    (subject_id, name, name_version, email, email_version, locale, locale_version, updated_at)
VALUES ($1, $2, CASE WHEN $2::text IS NULL THEN 0 ELSE $5 END,
        $3, CASE WHEN $3::text IS NULL THEN 0 ELSE $5 END,
        $4, CASE WHEN $4::text IS NULL THEN 0 ELSE $5 END, $6)
ON CONFLICT (subject_id) DO UPDATE SET
    name = CASE WHEN excluded.name_version > c.name_version THEN excluded.name ELSE c.name END,
    name_version = greatest(excluded.name_version, c.name_version),
    email = CASE WHEN excluded.email_version > c.email_version THEN excluded.email ELSE c.email END,
    email_version = greatest(excluded.email_version, c.email_version),
    locale = CASE WHEN excluded.locale_version > c.locale_version THEN excluded.locale ELSE c.locale END,
    locale_version = greatest(excluded.locale_version, c.locale_version),
    updated_at = $6
"""
FIND = "SELECT subject_id, name, email, locale FROM contact WHERE subject_id = ANY ($1::uuid[])"


async def learn(work: Work, news: Sequence[ContactNews]) -> None:
    """Take over what is newer than what is known; a person may come twice."""
    rows = [(one.subject, one.name, one.email, one.locale, one.version, work.now) for one in news]
    await work.executemany(LEARN, sorted(rows, key=lambda row: row[0]))


async def find(sql: Sql, subject: UUID) -> Addressee | None:
    """Where to write to a person, or None while no address is known."""
    return (await find_all(sql, [subject])).get(subject)


async def find_all(sql: Sql, subjects: Sequence[UUID]) -> dict[UUID, Addressee]:
    """Where to write to people; who has no address is left out."""
    rows = await sql.fetch(FIND, list(subjects))
    found = (addressee(row["subject_id"], row["name"], row["email"], row["locale"]) for row in rows)
    return {one.subject: one for one in found if one is not None}
