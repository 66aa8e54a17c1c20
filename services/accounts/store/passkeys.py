"""Rows of passkeys: the public half, and how often the device said that it was used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from chassis.work import Sql
from services.accounts.passkeys import NewPasskey

FIND = "SELECT id, subject_id, public_key, sign_count FROM passkey WHERE credential_id = $1"
KNOWN = "SELECT credential_id FROM passkey WHERE subject_id = $1"
ADD = """
INSERT INTO passkey (id, subject_id, name, credential_id, public_key, sign_count, added_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
USED = "UPDATE passkey SET sign_count = $2 WHERE id = $1 AND sign_count = $3"


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as stored."""

    id: UUID
    subject: UUID
    public_key: bytes
    sign_count: int


async def find(sql: Sql, credential_id: bytes) -> PasskeyRow | None:
    """The passkey of this name, or None."""
    row = await sql.fetchrow(FIND, credential_id)
    return PasskeyRow(row["id"], row["subject_id"], row["public_key"], row["sign_count"]) if row else None


async def known(sql: Sql, subject: UUID) -> tuple[bytes, ...]:
    """The passkeys that somebody has: a device does not make a second one."""
    return tuple(row["credential_id"] for row in await sql.fetch(KNOWN, subject))


async def add(sql: Sql, subject: UUID, made: NewPasskey, name: str, now: datetime) -> bool:
    """Keep a passkey; False where it was kept before."""
    values = made.credential_id, made.public_key, made.sign_count
    return await sql.execute(ADD, uuid4(), subject, name, *values, now) == 1


async def used(sql: Sql, row: PasskeyRow, count: int) -> bool:
    """Note the counter; False where the passkey was used at the same moment, from elsewhere."""
    return await sql.execute(USED, row.id, count, row.sign_count) == 1
