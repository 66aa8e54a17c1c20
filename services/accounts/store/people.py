"""Rows of persons."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.accounts.domain.people import Contact

READ = "SELECT subject_id, name, email, phone, locale, version FROM person WHERE subject_id = $1"
LOCK = READ + " FOR UPDATE"
UPDATE = """
UPDATE person
SET name = $2, email = $3, email_key = $4, phone = $5, locale = $6, version = $7, changed_at = $8
WHERE subject_id = $1 AND version < $7
"""
INSERT = """
INSERT INTO person (subject_id, name, email, email_key, phone, locale, version, known_since, changed_at)
SELECT told.*, $1, $1
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[]) AS told
ON CONFLICT DO NOTHING
"""
OPEN = """
INSERT INTO person (subject_id, name, email, email_key, locale, version, known_since, changed_at)
VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
"""
REACH = "SELECT name, email, locale FROM person WHERE subject_id = $1"
BY_EMAIL = "SELECT subject_id FROM person WHERE email_key = $1 ORDER BY known_since LIMIT $2"
NEWEST_BY_EMAIL = """
SELECT subject_id, known_since FROM person WHERE email_key = $1 ORDER BY known_since DESC, subject_id LIMIT $2
"""
KNOWN_SINCE = "SELECT known_since FROM person WHERE subject_id = $1"
NAMES = "SELECT subject_id, name FROM person WHERE subject_id = ANY ($1::uuid[])"


async def read(sql: Sql, subject: UUID) -> Contact | None:
    """A person, or None."""
    return _contact(await sql.fetchrow(READ, subject))


async def lock(sql: Sql, subject: UUID) -> Contact | None:
    """A person whose row nobody else changes until the transaction ends, or None."""
    return _contact(await sql.fetchrow(LOCK, subject))


async def add_or_renew(sql: Sql, contacts: Sequence[Contact], now: datetime) -> None:
    """Keep people as told; a version that is not newer than ours changes nothing."""
    columns = zip(*map(_values, contacts), strict=True)
    if await sql.execute(INSERT, now, *map(list, columns)) < len(contacts):
        for contact in contacts:
            await renew(sql, contact, now)


async def renew(sql: Sql, contact: Contact, now: datetime) -> None:
    """Write a newer version over an older one."""
    await sql.execute(UPDATE, *_values(contact), now)


async def open_account(sql: Sql, contact: Contact, now: datetime) -> None:
    """Keep a person who opened an account: no more than an account needs."""
    await sql.execute(
        OPEN, contact.subject, contact.name, contact.email, contact.email_key, contact.locale, now
    )


async def reach(sql: Sql, subject: UUID) -> tuple[str, str, str] | None:
    """Name, address and language of a person, or None."""
    row = await sql.fetchrow(REACH, subject)
    return (row["name"], row["email"], row["locale"]) if row else None


async def by_email(sql: Sql, key: str, limit: int) -> tuple[UUID, ...]:
    """Persons with this address, the oldest first, at most `limit`."""
    return tuple(row["subject_id"] for row in await sql.fetch(BY_EMAIL, key, limit))


async def newest_by_email(sql: Sql, key: str, limit: int) -> Mapping[UUID, datetime]:
    """Since when persons with this address are known, the newest first."""
    rows = await sql.fetch(NEWEST_BY_EMAIL, key, limit)
    return {row["subject_id"]: row["known_since"] for row in rows}


async def known_since(sql: Sql, subject: UUID) -> datetime | None:
    """Since when a person is known, or None."""
    since: datetime | None = await sql.fetchval(KNOWN_SINCE, subject)
    return since


async def names(sql: Sql, subjects: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of these persons; who is hidden from the purpose is not among them."""
    return {row["subject_id"]: row["name"] for row in await sql.fetch(NAMES, list(subjects))}


def _values(contact: Contact) -> tuple[Any, ...]:
    return (
        contact.subject,
        contact.name,
        contact.email,
        contact.email_key,
        contact.phone,
        contact.locale,
        contact.version,
    )


def _contact(row: Any | None) -> Contact | None:
    if row is None:
        return None
    return Contact(row["subject_id"], row["name"], row["email"], row["phone"], row["locale"], row["version"])
