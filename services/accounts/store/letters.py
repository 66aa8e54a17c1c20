"""Rows of letters whose link may be used once, and of the requests that they answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql

ASK = "INSERT INTO letter_request (id, kind, email, locale, asked_at) VALUES ($1, $2, $3, $4, $5)"
# Two replicas may look at once: of a row that both delete, one gets it.
TAKE = "DELETE FROM letter_request RETURNING id, kind, email, locale"
KEEP = "INSERT INTO letter (id, subject_id, kind, email, expires_at) VALUES ($1, $2, $3, $4, $5)"
READ = "SELECT id, subject_id, kind, email, expires_at FROM letter WHERE id = $1 AND expires_at > $2"
# Whoever deletes the row has used the letter: of two who come at once, one.
USE = """
DELETE FROM letter WHERE id = $1 AND kind = ANY ($2::text[]) AND expires_at > $3 RETURNING subject_id, kind
"""
WITHDRAW = "DELETE FROM letter WHERE subject_id = $1 AND kind = ANY ($2::text[])"
EXPIRE = "DELETE FROM letter WHERE expires_at <= $1"
EXPIRE_CHANGES = "DELETE FROM email_change WHERE expires_at <= $1"
EXPIRE_REQUESTS = "DELETE FROM letter_request WHERE asked_at <= $1::timestamptz - $2::text::interval"
WANT = "INSERT INTO email_change (subject_id, email, expires_at) VALUES ($1, $2, $3)"
UNWANT = "DELETE FROM email_change WHERE subject_id = $1"
WANTED = "SELECT EXISTS (SELECT FROM email_change WHERE subject_id = $1 AND expires_at > $2)"
AGREE = """
UPDATE email_change SET old_agreed = old_agreed OR $2, new_agreed = new_agreed OR NOT $2
WHERE subject_id = $1 AND expires_at > $3 RETURNING email, old_agreed AND new_agreed AS done
"""

EMAIL_KINDS = ("email_new", "email_old")


@dataclass(frozen=True, slots=True)
class Request:
    """Someone asked for a letter."""

    id: UUID
    kind: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter whose link may still be used."""

    id: UUID
    subject: UUID
    kind: str
    email: str
    expires_at: datetime


async def ask(sql: Sql, request: Request, now: datetime) -> None:
    """Keep a request until it is answered."""
    await sql.execute(ASK, request.id, request.kind, request.email, request.locale, now)


async def take_requests(sql: Sql) -> list[Request]:
    """Requests that wait; they are forgotten with the transaction that answers them."""
    return [Request(row["id"], row["kind"], row["email"], row["locale"]) for row in await sql.fetch(TAKE)]


async def keep(sql: Sql, letter: Letter) -> None:
    """Let a letter's link count until it is used or its time is over."""
    await sql.execute(KEEP, letter.id, letter.subject, letter.kind, letter.email, letter.expires_at)


async def read(sql: Sql, letter: UUID, now: datetime) -> Letter | None:
    """A letter that may still be used, or None."""
    row = await sql.fetchrow(READ, letter, now)
    return (
        Letter(*(row[name] for name in ("id", "subject_id", "kind", "email", "expires_at"))) if row else None
    )


async def use(sql: Sql, letter: UUID, kinds: tuple[str, ...], now: datetime) -> tuple[UUID, str] | None:
    """Whose letter of these kinds this is, and which; None where it was used. It counts no longer."""
    row = await sql.fetchrow(USE, letter, list(kinds), now)
    return (row["subject_id"], row["kind"]) if row else None


async def withdraw(sql: Sql, subject: UUID, kinds: tuple[str, ...]) -> None:
    """Let earlier letters of these kinds count no longer."""
    await sql.execute(WITHDRAW, subject, list(kinds))


async def forget(sql: Sql, now: datetime, term: str) -> None:
    """Forget letters and changes whose time is over, and requests older than the term (ISO 8601)."""
    await sql.execute(EXPIRE, now)
    await sql.execute(EXPIRE_CHANGES, now)
    await sql.execute(EXPIRE_REQUESTS, now, term)


async def want_email(sql: Sql, subject: UUID, email: str, until: datetime) -> None:
    """Another address is wanted; an earlier wish is forgotten."""
    await sql.execute(UNWANT, subject)
    await sql.execute(WANT, subject, email, until)


async def email_wanted(sql: Sql, subject: UUID, now: datetime) -> bool:
    """Whether a change of address waits for someone to agree."""
    return bool(await sql.fetchval(WANTED, subject, now))


async def agree(sql: Sql, subject: UUID, kind: str, now: datetime) -> Any | None:
    """One of both addresses agreed: `email` and whether that is `done` now; None where nothing waits."""
    return await sql.fetchrow(AGREE, subject, kind == "email_old", now)


async def email_settled(sql: Sql, subject: UUID) -> None:
    """The change was carried out."""
    await sql.execute(UNWANT, subject)
