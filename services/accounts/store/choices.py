"""Rows of choices with their proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.work import Sql
from contracts.accounts.api import Choice
from services.accounts.domain.choices import About, Proof, Record, Standing

# Two choices of one person take turns, so that no two get the same version; an account with its guests.
TAKE_TURNS = """
SELECT pg_advisory_xact_lock(hashtextextended('choice:' ||
    COALESCE((SELECT account FROM claimed_guest WHERE guest = $1), $1::uuid)::text, 0))
"""
FAMILY = """
SELECT guest, account FROM claimed_guest
WHERE account = COALESCE((SELECT account FROM claimed_guest WHERE guest = $1), $1::uuid)
"""
STANDING = """
SELECT state, version, made_at, expires_at, language FROM choice
WHERE subject_id = $1 AND purpose = $2 AND organisation_id IS NOT DISTINCT FROM $3 AND channel = $4
    AND version > 0
ORDER BY version DESC LIMIT 1
"""
INSERT = """
INSERT INTO choice (id, subject_id, purpose, organisation_id, channel, state, version,
    wording, language, place, made_at, case_number, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11::timestamptz + $13::text::interval)
"""
ALL_STANDING = """
SELECT DISTINCT ON (c.purpose, c.organisation_id, c.channel) c.id,
    c.purpose, c.organisation_id, o.name AS organisation_name, c.channel, c.state, c.made_at, c.expires_at
FROM choice c LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE c.subject_id = $1 AND c.version > 0
ORDER BY c.purpose, c.organisation_id, c.channel, c.version DESC
"""
# In the order of persons, so that two processes take their turns alike.
OVER = """
SELECT c.subject_id, c.purpose, c.organisation_id, c.channel, c.language FROM choice c
WHERE c.state = 'given' AND c.version > 0 AND c.expires_at <= $1 AND NOT EXISTS (
    SELECT FROM choice later WHERE later.subject_id = c.subject_id AND later.purpose = c.purpose
        AND later.organisation_id IS NOT DISTINCT FROM c.organisation_id AND later.channel = c.channel
        AND later.version > c.version)
ORDER BY c.subject_id LIMIT $2
"""
# From the few who said when they were born, so that a minute's look costs nothing.
OF_THE_YOUNG = """
SELECT c.subject_id, c.purpose, c.organisation_id, c.channel, c.language
FROM profile p JOIN choice c ON c.subject_id = p.subject_id
    OR c.subject_id IN (SELECT guest FROM claimed_guest WHERE account = p.subject_id)
WHERE p.birth_date > $1 AND c.state = 'given' AND c.version > 0 AND NOT EXISTS (
    SELECT FROM choice later WHERE later.subject_id = c.subject_id AND later.purpose = c.purpose
        AND later.organisation_id IS NOT DISTINCT FROM c.organisation_id AND later.channel = c.channel
        AND later.version > c.version)
ORDER BY c.subject_id LIMIT $2
"""
RECORDS = """
SELECT c.id, c.subject_id, c.purpose, c.organisation_id, o.name AS organisation_name, c.channel, c.state,
    c.version, c.wording, c.language, c.place, c.made_at, c.expires_at, c.case_number
FROM choice c LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE c.subject_id = $1 AND ($2::uuid IS NULL OR c.id = $2)
ORDER BY c.made_at DESC, c.id
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A choice to keep: `lasts` is an ISO 8601 duration where it counts for a time."""

    about: About
    state: str
    version: int
    proof: Proof
    lasts: str | None


async def take_turns(sql: Sql, subject: UUID) -> None:
    """Nobody else changes choices of this person until the transaction ends."""
    await sql.execute(TAKE_TURNS, subject)


async def family_of(sql: Sql, subject: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Guests of the account that somebody has or belongs to, each with that account."""
    return [(row["guest"], row["account"]) for row in await sql.fetch(FAMILY, subject)]


async def standing(sql: Sql, about: About) -> Standing | None:
    """The choice that counts now, or None; others about this person wait until the transaction ends."""
    await take_turns(sql, about.subject)
    row = await sql.fetchrow(STANDING, about.subject, about.purpose, about.organisation, about.channel)
    return Standing(**dict(row)) if row else None


async def add(sql: Sql, kept: Kept) -> None:
    """Keep a choice and its proof."""
    about, proof = kept.about, kept.proof
    await sql.execute(
        INSERT,
        uuid4(),
        about.subject,
        about.purpose,
        about.organisation,
        about.channel,
        kept.state,
        kept.version,
        proof.wording,
        proof.language,
        proof.place,
        proof.made_at,
        proof.case_number,
        kept.lasts,
    )


async def all_standing(sql: Sql, subject: UUID) -> Sequence[Choice]:
    """Every choice of a person as it stands."""
    return [_choice(row) for row in await sql.fetch(ALL_STANDING, subject)]


async def over(sql: Sql, now: datetime, most: int) -> Sequence[tuple[About, str]]:
    """Consents that stand and whose time is over, with the language they were given in."""
    return [
        (About(row["subject_id"], row["purpose"], row["organisation_id"], row["channel"]), row["language"])
        for row in await sql.fetch(OVER, now, most)
    ]


async def of_the_young(sql: Sql, born_after: date, most: int) -> Sequence[tuple[About, str]]:
    """Consents that stand, of people born after a day, with the language they were given in."""
    return [
        (About(row["subject_id"], row["purpose"], row["organisation_id"], row["channel"]), row["language"])
        for row in await sql.fetch(OF_THE_YOUNG, born_after, most)
    ]


async def records(sql: Sql, subject: UUID, record: UUID | None = None) -> Sequence[Record]:
    """Every proof of a person's choices, newest first; only one of them where it is named."""
    return [Record(**dict(row)) for row in await sql.fetch(RECORDS, subject, record)]


async def standing_of(sql: Sql, subject: UUID) -> dict[tuple[str, UUID | None, str], Record]:
    """What stands of a person, with its proof, by purpose, organisation and channel."""
    newest: dict[tuple[str, UUID | None, str], Record] = {}
    for one in await records(sql, subject):
        key = one.purpose, one.organisation_id, one.channel
        if one.version > (newest[key].version if key in newest else 0):
            newest[key] = one
    return newest


def _choice(row: Any) -> Choice:
    return Choice(
        id=row["id"],
        purpose=row["purpose"],
        organisation=row["organisation_id"],
        organisation_name=row["organisation_name"],
        channel=row["channel"],
        state=row["state"],
        since=row["made_at"],
        expires_at=row["expires_at"],
    )
