"""Rows of choices with their proof."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from chassis.work import Sql
from contracts.accounts.api import Choice
from services.accounts.domain.choices import About, Proof, Standing

# Two choices of one person take turns, so that no two get the same version.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('choice:' || $1, 0))"
STANDING = """
SELECT state, version, made_at FROM choice
WHERE subject_id = $1 AND purpose = $2 AND organisation_id IS NOT DISTINCT FROM $3 AND channel = $4
    AND version > 0
ORDER BY version DESC LIMIT 1
"""
INSERT = """
INSERT INTO choice
    (id, subject_id, purpose, organisation_id, channel, state, version, wording, language, place, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
ALL_STANDING = """
SELECT DISTINCT ON (c.purpose, c.organisation_id, c.channel)
    c.purpose, c.organisation_id, o.name AS organisation_name, c.channel, c.state, c.made_at
FROM choice c LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE c.subject_id = $1 AND c.version > 0
ORDER BY c.purpose, c.organisation_id, c.channel, c.version DESC
"""


async def standing(sql: Sql, about: About) -> Standing | None:
    """The choice that counts now, or None; others about this person wait until the transaction ends."""
    await sql.execute(TAKE_TURNS, str(about.subject))
    row = await sql.fetchrow(STANDING, about.subject, about.purpose, about.organisation, about.channel)
    return Standing(row["state"], row["version"], row["made_at"]) if row else None


async def add(sql: Sql, about: About, state: str, version: int, proof: Proof) -> None:
    """Keep a choice and its proof."""
    await sql.execute(
        INSERT,
        uuid4(),
        about.subject,
        about.purpose,
        about.organisation,
        about.channel,
        state,
        version,
        proof.wording,
        proof.language,
        proof.place,
        proof.made_at,
    )


async def all_standing(sql: Sql, subject: UUID) -> Sequence[Choice]:
    """Every choice of a person as it stands."""
    return [_choice(row) for row in await sql.fetch(ALL_STANDING, subject)]


def _choice(row: Any) -> Choice:
    return Choice(
        purpose=row["purpose"],
        organisation=row["organisation_id"],
        organisation_name=row["organisation_name"],
        channel=row["channel"],
        state=row["state"],
        since=row["made_at"],
    )
