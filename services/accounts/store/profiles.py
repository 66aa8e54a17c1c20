"""Rows of what people added about themselves."""

from datetime import date, datetime
from uuid import UUID

from chassis.work import Sql
from contracts.accounts.profile import Profile

READ = """
SELECT gender, street, postal_code, town, country, birth_date, phone_fixed FROM profile WHERE subject_id = $1
"""
KEEP = """
INSERT INTO profile
    (subject_id, gender, street, postal_code, town, country, birth_date, phone_fixed, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (subject_id) DO UPDATE SET gender = excluded.gender, street = excluded.street,
    postal_code = excluded.postal_code, town = excluded.town, country = excluded.country,
    birth_date = excluded.birth_date, phone_fixed = excluded.phone_fixed, changed_at = $9
"""
DROP = "DELETE FROM profile WHERE subject_id = $1"
# What an account says of its person is true of the guests that it keeps.
BORN = """
SELECT birth_date FROM profile WHERE subject_id =
    COALESCE((SELECT account FROM claimed_guest WHERE guest = $1), $1::uuid)
"""


async def read(sql: Sql, subject: UUID) -> Profile:
    """What a person added; empty where they added nothing."""
    row = await sql.fetchrow(READ, subject)
    return Profile.model_validate(dict(row)) if row else Profile()


async def keep(sql: Sql, subject: UUID, profile: Profile, now: datetime) -> None:
    """Keep this in the place of what was there; of an empty profile no row is left."""
    if profile == Profile():
        await sql.execute(DROP, subject)
        return
    address = profile.street, profile.postal_code, profile.town, profile.country
    about = profile.gender, *address, profile.birth_date, profile.phone_fixed
    await sql.execute(KEEP, subject, *about, now)


async def born(sql: Sql, subject: UUID) -> date | None:
    """When somebody was born, where they said so."""
    found: date | None = await sql.fetchval(BORN, subject)
    return found
