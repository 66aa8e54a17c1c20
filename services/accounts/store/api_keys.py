"""Rows of keys with which programs of an organisation ask (W-60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.accounts.keys import ApiKey
from contracts.accounts.organisations import State

TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('keys/' || $1, 0))"
LISTED = """
SELECT id, name, key_end, scopes, made_at, expires_at, last_used_on FROM api_key ORDER BY made_at DESC, id
"""
ADD = """
INSERT INTO api_key (id, organisation_id, name, key_hash, key_end, scopes, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
REMOVE = "DELETE FROM api_key WHERE id = $1"
REMOVE_ALL = "DELETE FROM api_key WHERE organisation_id = $1 RETURNING id"
FOUND = """
SELECT k.id, k.organisation_id, k.scopes, k.last_used_on, o.state
FROM api_key k JOIN organisation o ON o.id = k.organisation_id WHERE k.key_hash = $1 AND k.expires_at > $2
"""
USED = "UPDATE api_key SET last_used_on = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key that counts: whose it is, how that organisation stands, and what it may read."""

    id: UUID
    organisation: UUID
    scopes: frozenset[str]
    state: State


async def listed(sql: Sql) -> tuple[ApiKey, ...]:
    """Keys of the actor's organisation, the newest first."""
    return tuple(_key(row) for row in await sql.fetch(LISTED))


async def add(sql: Sql, organisation: UUID, new: ApiKey, key_hash: bytes) -> None:
    """Keep a new key, hashed."""
    named = new.id, organisation, new.name, key_hash, new.end, list(new.scopes)
    await sql.execute(ADD, *named, new.made_at, new.expires_at)


async def take_turns(sql: Sql, organisation: UUID) -> None:
    """Nobody else makes a key of this organisation until the transaction ends."""
    await sql.execute(TAKE_TURNS, str(organisation))


async def remove(sql: Sql, key: UUID) -> bool:
    """Whether the actor's organisation had this key; it counts no longer."""
    return await sql.execute(REMOVE, key) == 1


async def remove_all(sql: Sql, organisation: UUID) -> tuple[UUID, ...]:
    """Take every key of an organisation back; returns which."""
    return tuple(row["id"] for row in await sql.fetch(REMOVE_ALL, organisation))


async def used(sql: Sql, key_hash: bytes, now: datetime) -> KeyRow | None:
    """A key that counts, noted as used today; or None."""
    row = await sql.fetchrow(FOUND, key_hash, now)
    if row is None:
        return None
    if row["last_used_on"] != now.date():
        await sql.execute(USED, row["id"], now.date())
    return KeyRow(row["id"], row["organisation_id"], frozenset(row["scopes"]), row["state"])


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        end=row["key_end"],
        scopes=tuple(sorted(row["scopes"])),
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        last_used_on=row["last_used_on"],
    )
