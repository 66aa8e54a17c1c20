"""Rows of second factors: apps that make codes, recovery codes, and questions that wait for an answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.work import Sql
from contracts.accounts.api import Factor

ChallengeKind = Literal["log_in", "passkey", "new_passkey"]
METHODS = """
SELECT EXISTS (SELECT FROM totp WHERE subject_id = $1) AS totp,
    EXISTS (SELECT FROM passkey WHERE subject_id = $1) AS passkey,
    EXISTS (SELECT FROM recovery_code WHERE subject_id = $1) AS recovery
"""
APPS = "SELECT id, subject_id, key_id, sealed_secret, last_step FROM totp WHERE subject_id = $1"
ADD_APP = """
INSERT INTO totp (id, subject_id, name, key_id, sealed_secret, last_step, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
USE_STEP = "UPDATE totp SET last_step = $2 WHERE id = $1 AND last_step < $2"
OLDER_KEY = "SELECT id, subject_id, key_id, sealed_secret, last_step FROM totp WHERE key_id <> $1 LIMIT 500"
RESEAL = "UPDATE totp SET key_id = $2, sealed_secret = $3 WHERE id = $1 AND key_id = $4"
LISTED = """
SELECT id, 'totp' AS kind, name, added_at FROM totp WHERE subject_id = $1
UNION ALL SELECT id, 'passkey', name, added_at FROM passkey WHERE subject_id = $1
ORDER BY added_at
"""
REMOVE_APP = "DELETE FROM totp WHERE subject_id = $1 AND id = $2"
REMOVE_PASSKEY = "DELETE FROM passkey WHERE subject_id = $1 AND id = $2"
# Who removes two at once removes one after the other, and the second one sees that it is the last.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('factors/' || $1, 0))"
ADD_CODE = "INSERT INTO recovery_code (subject_id, code_hash, made_at) VALUES ($1, $2, $3)"
USE_CODE = "DELETE FROM recovery_code WHERE subject_id = $1 AND code_hash = $2"
DROP_CODES = "DELETE FROM recovery_code WHERE subject_id = $1"
CODES_LEFT = "SELECT count(*) FROM recovery_code WHERE subject_id = $1"
ASK = "INSERT INTO challenge (token_hash, subject_id, kind, nonce, expires_at) VALUES ($1, $2, $3, $4, $5)"
FIND = "SELECT subject_id, nonce FROM challenge WHERE token_hash = $1 AND kind = $2 AND expires_at > $3"
ANSWERED = "DELETE FROM challenge WHERE token_hash = $1"
FORGET = "DELETE FROM challenge WHERE expires_at <= $1"
DROP = ("DELETE FROM totp WHERE subject_id = $1", "DELETE FROM passkey WHERE subject_id = $1", DROP_CODES)


@dataclass(frozen=True, slots=True)
class AppRow:
    """An app that makes codes, as stored."""

    id: UUID
    subject: UUID
    key_id: int
    sealed: bytes
    last_step: int


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question that still waits: whose it is, where that is known, and what a passkey is to sign."""

    subject: UUID | None
    nonce: bytes | None


async def methods(sql: Sql, subject: UUID) -> tuple[str, ...]:
    """By what somebody can prove themselves beside a password: totp, passkey, recovery."""
    row = await sql.fetchrow(METHODS, subject)
    assert row is not None, "three questions always have an answer"
    return tuple(name for name in ("totp", "passkey", "recovery") if row[name])


async def apps(sql: Sql, subject: UUID) -> tuple[AppRow, ...]:
    """Apps of a person, sealed."""
    return tuple(_app(row) for row in await sql.fetch(APPS, subject))


async def add_app(sql: Sql, app: AppRow, name: str, now: datetime) -> bool:
    """Keep an app; False where this one was kept before."""
    values = app.id, app.subject, name, app.key_id, app.sealed, app.last_step, now
    return await sql.execute(ADD_APP, *values) == 1


async def use_step(sql: Sql, app: UUID, step: int) -> bool:
    """Note that the code of a step was used; False where it, or a later one, was used already."""
    return await sql.execute(USE_STEP, app, step) == 1


async def under_older_keys(sql: Sql, newest: int) -> tuple[AppRow, ...]:
    """Apps that are sealed under another key than the newest, 500 at most."""
    return tuple(_app(row) for row in await sql.fetch(OLDER_KEY, newest))


async def reseal(sql: Sql, app: AppRow, key_id: int, sealed: bytes) -> None:
    """Keep an app's secret under another key."""
    await sql.execute(RESEAL, app.id, key_id, sealed, app.key_id)


async def listed(sql: Sql, subject: UUID) -> tuple[Factor, ...]:
    """Apps and passkeys of a person, oldest first."""
    return tuple(Factor.model_validate(dict(row)) for row in await sql.fetch(LISTED, subject))


async def lock(sql: Sql, subject: UUID) -> None:
    """One change of a person's factors at a time."""
    await sql.execute(LOCK, str(subject))


async def remove(sql: Sql, subject: UUID, factor: UUID) -> bool:
    """Take away one of a person's factors; False where it is none of theirs."""
    gone = await sql.execute(REMOVE_APP, subject, factor)
    return gone + await sql.execute(REMOVE_PASSKEY, subject, factor) == 1


async def remove_all(sql: Sql, subject: UUID) -> None:
    """Take away every factor and recovery code of a person."""
    for statement in DROP:
        await sql.execute(statement, subject)


async def renew_codes(sql: Sql, subject: UUID, hashes: tuple[bytes, ...], now: datetime) -> None:
    """From now on these recovery codes count and no others."""
    await sql.execute(DROP_CODES, subject)
    for one in hashes:
        await sql.execute(ADD_CODE, subject, one, now)


async def use_code(sql: Sql, subject: UUID, code_hash: bytes) -> bool:
    """Use a recovery code up; False where it is none, or was used."""
    return await sql.execute(USE_CODE, subject, code_hash) == 1


async def codes_left(sql: Sql, subject: UUID) -> int:
    """How many recovery codes somebody has."""
    return int(await sql.fetchval(CODES_LEFT, subject))


async def ask(sql: Sql, token_hash: bytes, kind: ChallengeKind, until: datetime, found: Challenge) -> None:
    """Keep a question until it is answered, once."""
    await sql.execute(ASK, token_hash, found.subject, kind, found.nonce, until)


async def find(sql: Sql, token_hash: bytes, kind: ChallengeKind, now: datetime) -> Challenge | None:
    """A question that still waits, or None."""
    row = await sql.fetchrow(FIND, token_hash, kind, now)
    return Challenge(row["subject_id"], row["nonce"]) if row else None


async def answered(sql: Sql, token_hash: bytes) -> bool:
    """Take a question away; False where somebody answered it first."""
    return await sql.execute(ANSWERED, token_hash) == 1


async def forget(sql: Sql, now: datetime) -> int:
    """Forget questions that nobody answered in time; returns how many."""
    return await sql.execute(FORGET, now)


def _app(row: Any) -> AppRow:
    return AppRow(row["id"], row["subject_id"], row["key_id"], row["sealed_secret"], row["last_step"])
