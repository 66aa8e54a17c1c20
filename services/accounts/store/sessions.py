"""Rows of log-ins, sessions and attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.tokens import Proof
from chassis.work import Sql
from contracts.actors import Actor, Role
from services.accounts.domain.entrance import Entrance
from services.accounts.domain.factors import must_have_factor

BY_USER = "SELECT subject_id, password_hash FROM login WHERE user_key = $1"
WHO = """
SELECT p.subject_id, p.name, a.role, a.organisation_id, a.owner
FROM person p LEFT JOIN appointment a ON a.subject_id = p.subject_id WHERE p.subject_id = $1
"""
START = """
INSERT INTO session
    (id, secret_hash, subject_id, started_at, expires_at, strong, methods, proved_at, idle_for, idle_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $4, $8, $4::timestamptz + $8::interval)
"""
PROVED = "UPDATE session SET proved_at = $2 WHERE id = $1"
MINE = """
SELECT s.id, s.subject_id, l.user_key, l.password_hash, a.role, p.name, p.email, p.locale,
    s.strong, s.proved_at
FROM session s JOIN login l ON l.subject_id = s.subject_id JOIN person p ON p.subject_id = s.subject_id
    LEFT JOIN appointment a ON a.subject_id = s.subject_id
WHERE s.secret_hash = $1 AND s.expires_at > $2 AND s.idle_until > $2
"""
END_SOME = """
DELETE FROM session WHERE subject_id = $1 AND id IS DISTINCT FROM $2 AND ($3::uuid IS NULL OR id = $3)
RETURNING id
"""
OPEN_ACCOUNT = """
INSERT INTO login (subject_id, user_key, password_hash, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
"""
RENEW = "UPDATE login SET password_hash = $2 WHERE subject_id = $1"
KEY_OF = "SELECT user_key FROM login WHERE subject_id = $1"
RENAME = "UPDATE login SET user_key = $2 WHERE subject_id = $1 AND user_key = $3"
FORGIVE = "UPDATE attempt SET failures = failures - 1 WHERE user_hash = $1 AND failures > 0"
HOLDER = """
UPDATE session s SET idle_until = LEAST(s.expires_at, $2::timestamptz + s.idle_for)
WHERE s.secret_hash = $1 AND s.expires_at > $2 AND s.idle_until > $2
RETURNING s.subject_id, s.strong, s.methods, s.proved_at,
    (SELECT a.role FROM appointment a WHERE a.subject_id = s.subject_id) AS role,
    (SELECT a.organisation_id FROM appointment a WHERE a.subject_id = s.subject_id) AS organisation_id,
    (SELECT a.owner FROM appointment a WHERE a.subject_id = s.subject_id) AS owner
"""
SPOKEN = {"password": "pwd", "totp": "otp", "recovery": "otp", "passkey": "pop", "letter": "mail"}
"""Methods in the words of RFC 8176, and one of our own."""
END = "DELETE FROM session WHERE secret_hash = $1"
SUBJECT_OF = "SELECT subject_id FROM login WHERE user_key = $1"
DISMISS = "DELETE FROM appointment WHERE subject_id = $1"
END_ALL = "DELETE FROM session WHERE subject_id = $1"
EXPIRE = "DELETE FROM session WHERE expires_at <= $1"
COUNT = """
INSERT INTO attempt AS a (user_hash, failures, first_at, last_at) VALUES ($1, 1, $2, $2)
ON CONFLICT (user_hash) DO UPDATE SET
    failures = CASE WHEN a.first_at <= $3 THEN 1 ELSE a.failures + 1 END,
    first_at = CASE WHEN a.first_at <= $3 THEN $2 ELSE a.first_at END,
    last_at = $2
RETURNING failures
"""
BELONGS = "UPDATE attempt SET subject_id = $2 WHERE user_hash = $1"
CLEAR = "DELETE FROM attempt WHERE user_hash = $1"
FORGET = "DELETE FROM attempt WHERE last_at <= $1::timestamptz - $2::text::interval"


@dataclass(frozen=True, slots=True)
class LogInRow:
    """A log-in as stored."""

    subject: UUID
    password_hash: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who logged in: the actor they are, and how the house greets them."""

    actor: Actor
    name: str


@dataclass(frozen=True, slots=True)
class Started:
    """A session that begins: whose, until when, how long it may stand idle, and how its person came in."""

    id: UUID
    subject: UUID
    until: datetime
    idle: timedelta
    entrance: Entrance


@dataclass(frozen=True, slots=True)
class Own:
    """Someone's own log-in, as its session opens it; `role` is what they are appointed to."""

    session: UUID
    subject: UUID
    user_key: str
    password_hash: str
    role: Role
    name: str
    email: str
    locale: str
    strong: bool
    proved_at: datetime


async def log_in_of(sql: Sql, key: str) -> LogInRow | None:
    """The log-in of a user name, or None."""
    row = await sql.fetchrow(BY_USER, key)
    return LogInRow(row["subject_id"], row["password_hash"]) if row else None


async def who(sql: Sql, subject: UUID) -> Holder | None:
    """Name and role of someone, or None where the person is gone."""
    row = await sql.fetchrow(WHO, subject)
    return Holder(_actor(row), row["name"]) if row else None


async def start(sql: Sql, secret_hash: bytes, begun: Started, now: datetime) -> None:
    """Keep a new session."""
    came, methods = begun.entrance, " ".join(begun.entrance.methods)
    who = begun.id, secret_hash, begun.subject, now, begun.until
    await sql.execute(START, *who, came.strong, methods, begun.idle)


async def proved(sql: Sql, session: UUID, now: datetime) -> None:
    """Somebody proved again who they are, in this session and no other."""
    await sql.execute(PROVED, session, now)


async def own(sql: Sql, secret_hash: bytes, now: datetime) -> Own | None:
    """The log-in that a session which is still going on belongs to, or None."""
    row = await sql.fetchrow(MINE, secret_hash, now)
    if row is None:
        return None
    return Own(
        session=row["id"],
        subject=row["subject_id"],
        user_key=row["user_key"],
        password_hash=row["password_hash"],
        role=_role(row),
        name=row["name"],
        email=row["email"],
        locale=row["locale"],
        strong=row["strong"],
        proved_at=row["proved_at"],
    )


async def end_some(
    sql: Sql, subject: UUID, but: UUID | None = None, only: UUID | None = None
) -> tuple[UUID, ...]:
    """End sessions of a person: all `but` one, or `only` one; returns which."""
    return tuple(row["id"] for row in await sql.fetch(END_SOME, subject, but, only))


async def open_account(sql: Sql, subject: UUID, key: str, password_hash: str, now: datetime) -> bool:
    """Keep a new log-in; False where the user name was taken meanwhile."""
    return await sql.execute(OPEN_ACCOUNT, subject, key, password_hash, now) == 1


async def renew_password(sql: Sql, subject: UUID, password_hash: str) -> None:
    """From now on another password counts."""
    await sql.execute(RENEW, subject, password_hash)


async def key_of(sql: Sql, subject: UUID) -> str | None:
    """The user name of a person, or None for who cannot log in."""
    found: str | None = await sql.fetchval(KEY_OF, subject)
    return found


async def rename(sql: Sql, subject: UUID, key: str, before: str) -> None:
    """Who logs in with an address logs in with the new one; a user name that is none stays."""
    await sql.execute(RENAME, subject, key, before)


async def forgive(sql: Sql, user_hash: bytes) -> None:
    """Take back a try that was counted and turned out right."""
    await sql.execute(FORGIVE, user_hash)


async def holder(sql: Sql, secret_hash: bytes, now: datetime) -> tuple[Actor, Proof] | None:
    """The actor of a session that is still going on, in the role that they have now; else None.

    Who came in by one factor has no role that wants two. The session counts as used.
    """
    row = await sql.fetchrow(HOLDER, secret_hash, now)
    if row is None:
        return None
    actor = _actor(row)
    if must_have_factor(actor.role) and not row["strong"]:
        actor = Actor(Role.VISITOR, actor.id)
    words = [SPOKEN[method] for method in row["methods"].split()]
    return actor, Proof(row["proved_at"], (*words, *(("mfa",) if row["strong"] else ())))


async def end(sql: Sql, secret_hash: bytes) -> None:
    """End a session; one that is gone stays gone."""
    await sql.execute(END, secret_hash)


async def subject_of(sql: Sql, key: str) -> UUID | None:
    """Whose user name this is, or None."""
    found: UUID | None = await sql.fetchval(SUBJECT_OF, key)
    return found


async def dismiss(sql: Sql, subject: UUID) -> None:
    """Take someone's role away and end every session; the log-in itself stays, a visitor's."""
    await sql.execute(DISMISS, subject)
    await sql.execute(END_ALL, subject)


async def expire(sql: Sql, now: datetime) -> int:
    """Forget sessions that ran out; returns how many."""
    return await sql.execute(EXPIRE, now)


async def count_attempt(sql: Sql, user_hash: bytes, now: datetime, window_began: datetime) -> int:
    """Count a try before it is checked; returns the tries of this window, this one included."""
    return int(await sql.fetchval(COUNT, user_hash, now, window_began))


async def attempt_belongs_to(sql: Sql, user_hash: bytes, subject: UUID | None) -> None:
    """Say whose attempts these are, so that they are copied and erased with the person; None is nobody's."""
    await sql.execute(BELONGS, user_hash, subject)


async def clear_attempts(sql: Sql, user_hash: bytes) -> None:
    """Begin anew after the right password."""
    await sql.execute(CLEAR, user_hash)


async def forget_attempts(sql: Sql, now: datetime, term: str) -> int:
    """Forget attempts older than the charter's term (ISO 8601); returns how many."""
    return await sql.execute(FORGET, now, term)


def _actor(row: Any) -> Actor:
    return Actor(_role(row), row["subject_id"], row["organisation_id"], bool(row["owner"]))


def _role(row: Any) -> Role:
    return Role(row["role"]) if row["role"] is not None else Role.VISITOR
