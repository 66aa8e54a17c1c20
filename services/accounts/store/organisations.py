"""Rows of organisations, and of what they say of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.accounts.organisations import Facts, Listed, Standing, State
from services.accounts.domain.organisations import Course

KNOWN = "SELECT count(*) FROM organisation WHERE id = $1 AND verified_at IS NOT NULL"
# Two replicas may look at once: each takes rows that the other does not hold.
UNANNOUNCED = """
SELECT id, name, version FROM organisation WHERE announced_version < version AND state = 'verified'
ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
"""
ANNOUNCED = "UPDATE organisation SET announced_version = $2 WHERE id = $1"
SIGN_UP = """
INSERT INTO organisation (id, name, state, products, signed_up_at) VALUES ($1, $2, 'waiting', $3, $4)
"""
ADD_FACTS = """
INSERT INTO organisation_facts (organisation_id, subject_id, legal_name, street, postal_code, town, country,
    phone, registration, iban, said_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
"""
# Somebody signs up once: two forms that are sent at once take turns.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('sign up/' || $1, 0))"
FREE_TO_SIGN_UP = """
SELECT EXISTS (SELECT FROM login WHERE subject_id = $1) AS log_in,
    EXISTS (SELECT FROM appointment WHERE subject_id = $1) AS role,
    EXISTS (SELECT FROM organisation_facts f JOIN organisation o ON o.id = f.organisation_id
            WHERE f.subject_id = $1 AND o.state = 'waiting') AS waiting
"""
MINE = """
SELECT o.id, o.name, o.state, o.ground, o.signed_up_at
FROM organisation_facts f JOIN organisation o ON o.id = f.organisation_id
WHERE f.subject_id = $1 ORDER BY f.said_at DESC LIMIT 1
"""
LISTED = """
SELECT o.id, o.name, o.state, o.signed_up_at,
    o.state = 'waiting' OR o.state = 'verified' AND f.said_at > o.verified_at AS to_look_at
FROM organisation o LEFT JOIN organisation_facts f ON f.organisation_id = o.id
WHERE $1::uuid IS NULL OR o.id = $1
ORDER BY to_look_at DESC NULLS LAST, o.state = 'verified' DESC, o.name, o.id LIMIT $2
"""
FILE = """
SELECT o.ground, o.name, o.products, f.legal_name, f.street, f.postal_code, f.town, f.country, f.phone,
    f.registration, f.iban, f.subject_id, p.name AS contact_name, p.email AS contact_email
FROM organisation o LEFT JOIN organisation_facts f ON f.organisation_id = o.id
    LEFT JOIN person p ON p.subject_id = f.subject_id
WHERE o.id = $1
"""
FOR_DECISION = """
SELECT o.id, o.name, o.state, o.version, f.subject_id
FROM organisation o LEFT JOIN organisation_facts f ON f.organisation_id = o.id
WHERE o.id = $1 FOR UPDATE OF o
"""
FOLLOW = """
UPDATE organisation SET state = $2, ground = $3, version = version + 1, announced_version = version + 1,
    verified_at = CASE WHEN $2 = 'verified' THEN $4 ELSE verified_at END
WHERE id = $1
"""
OVER = "UPDATE organisation_facts SET ended_at = $2 WHERE organisation_id = $1"
OWN = """
SELECT o.id, o.name, o.state, o.ground, o.products, o.version, f.legal_name, f.street, f.postal_code, f.town,
    f.country, f.phone, f.registration, f.iban, f.said_at, p.name AS contact_name, f.subject_id,
    COALESCE((SELECT a.owner FROM appointment a WHERE a.subject_id = $2), false) AS owner
FROM organisation o LEFT JOIN organisation_facts f ON f.organisation_id = o.id
    LEFT JOIN person p ON p.subject_id = f.subject_id
WHERE o.id = $1
"""
RENAME = """
UPDATE organisation SET name = $2, products = $3,
    version = version + CASE WHEN name = $2 THEN 0 ELSE 1 END,
    announced_version = version + CASE WHEN name = $2 THEN 0 ELSE 1 END
WHERE id = $1
"""
SAY_ANEW = """
UPDATE organisation_facts SET subject_id = $2, legal_name = $3, street = $4, postal_code = $5, town = $6,
    country = $7, phone = $8, registration = $9, iban = $10, said_at = $11
WHERE organisation_id = $1
"""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A verified organisation."""

    id: UUID
    name: str
    version: int


@dataclass(frozen=True, slots=True)
class Decidable:
    """An organisation that the house decides about; `contact` is None where it never signed up."""

    id: UUID
    name: str
    state: State
    version: int
    contact: UUID | None


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of an organisation, its numbers as registers write them."""

    facts: Facts
    registration: str
    iban: str


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What speaks for and against somebody who signs an organisation up."""

    log_in: bool
    role: bool
    waiting: bool


async def known(sql: Sql, organisation: UUID) -> bool:
    """Whether the house verified this organisation."""
    return bool(await sql.fetchval(KNOWN, organisation))


async def unannounced(sql: Sql) -> list[Organisation]:
    """Organisations that the other services were not told about yet, locked until the transaction ends."""
    return [Organisation(row["id"], row["name"], row["version"]) for row in await sql.fetch(UNANNOUNCED)]


async def announced(sql: Sql, organisation: Organisation) -> None:
    """Remember which version was told."""
    await sql.execute(ANNOUNCED, organisation.id, organisation.version)


async def free_to_sign_up(sql: Sql, subject: UUID) -> SignedUp:
    """What speaks for and against somebody who signs up; until the transaction ends they do so once."""
    await sql.execute(TAKE_TURNS, str(subject))
    row = await sql.fetchrow(FREE_TO_SIGN_UP, subject)
    assert row is not None, "three questions always have an answer"
    return SignedUp(row["log_in"], row["role"], row["waiting"])


async def sign_up(sql: Sql, organisation: UUID, subject: UUID, said: Said, now: datetime) -> None:
    """Keep an organisation that waits for the house, with what it says of itself."""
    await sql.execute(SIGN_UP, organisation, said.facts.name, sorted(said.facts.products), now)
    await sql.execute(ADD_FACTS, organisation, subject, *_columns(said), now)


async def mine(sql: Sql, subject: UUID) -> Standing | None:
    """How the last sign-up of somebody stands, or None."""
    row = await sql.fetchrow(MINE, subject)
    return None if row is None else Standing.model_validate(dict(row))


async def listed(sql: Sql, most: int, only: UUID | None = None) -> tuple[Listed, ...]:
    """Organisations, or `only` one: what somebody has to look at first."""
    return tuple(_listed(row) for row in await sql.fetch(LISTED, only, most))


async def file(sql: Sql, organisation: UUID) -> Mapping[str, Any] | None:
    """Everything that is known of an organisation, or None."""
    row = await sql.fetchrow(FILE, organisation)
    return None if row is None else dict(row)


async def for_decision(sql: Sql, organisation: UUID) -> Decidable | None:
    """An organisation that nobody else decides about until the transaction ends, or None."""
    row = await sql.fetchrow(FOR_DECISION, organisation)
    if row is None:
        return None
    return Decidable(row["id"], row["name"], row["state"], row["version"], row["subject_id"])


async def follow(sql: Sql, organisation: UUID, course: Course, now: datetime) -> None:
    """Let a decision count; from the end of a contract the law's term runs."""
    await sql.execute(FOLLOW, organisation, course.state, course.ground, now)
    if course.over:
        await sql.execute(OVER, organisation, now)


async def own(sql: Sql, organisation: UUID, reader: UUID) -> Mapping[str, Any] | None:
    """What the people of an organisation see of it, or None."""
    row = await sql.fetchrow(OWN, organisation, reader)
    return None if row is None else dict(row)


async def say_anew(sql: Sql, organisation: UUID, subject: UUID, said: Said, now: datetime) -> None:
    """Keep other facts; whoever says them is the contact person from now on."""
    await sql.execute(RENAME, organisation, said.facts.name, sorted(said.facts.products))
    if not await sql.execute(SAY_ANEW, organisation, subject, *_columns(said), now):
        await sql.execute(ADD_FACTS, organisation, subject, *_columns(said), now)


def facts_of(row: Mapping[str, Any]) -> Facts | None:
    """What an organisation says of itself, or None where it never said anything."""
    if row["legal_name"] is None:
        return None
    return Facts.model_validate({name: row[name] for name in Facts.model_fields})


def _columns(said: Said) -> tuple[str, ...]:
    facts = said.facts
    where = facts.street, facts.postal_code, facts.town, facts.country
    return facts.legal_name, *where, facts.phone, said.registration, said.iban


def _listed(row: Any) -> Listed:
    return Listed(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        signed_up_at=row["signed_up_at"],
        to_look_at=bool(row["to_look_at"]),
    )
