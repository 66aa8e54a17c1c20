"""The replica of addresses."""

from __future__ import annotations

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


async def learn(work: Work, news: ContactNews) -> None:
    """Take over what is newer than what is known."""
    await work.execute(LEARN, news.subject, news.name, news.email, news.locale, news.version, work.now)


async def find(sql: Sql, subject: UUID) -> Addressee | None:
    """Where to write to a person, or None while no address is known."""
    row = await sql.fetchrow("SELECT name, email, locale FROM contact WHERE subject_id = $1", subject)
    return addressee(subject, row["name"], row["email"], row["locale"]) if row else None
