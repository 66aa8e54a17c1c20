"""Rows of secrets that sign messages to an organisation (W-60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from chassis.work import Sql
from contracts.sharing.api import Endpoint

ALL = "SELECT id, organisation_id, key_id, sealed_secret, secret_end, made_at FROM endpoint_secret"
OF = ALL + " WHERE organisation_id = $1 ORDER BY made_at DESC, id"
UNDER_OLDER = ALL + " WHERE key_id <> $1 LIMIT 500"
ADD = """
INSERT INTO endpoint_secret (id, organisation_id, key_id, sealed_secret, secret_end, made_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
RESEAL = "UPDATE endpoint_secret SET key_id = $2, sealed_secret = $3 WHERE id = $1"
# The two newest count, and the older of them for as long as `$2` after the newest was made.
DROP_OLD = """
DELETE FROM endpoint_secret s WHERE EXISTS (
    SELECT FROM endpoint_secret n WHERE n.organisation_id = s.organisation_id AND n.made_at > s.made_at
    AND (n.made_at <= $1::timestamptz - $2::interval OR EXISTS (
        SELECT FROM endpoint_secret m
        WHERE m.organisation_id = s.organisation_id AND m.made_at > n.made_at)))
"""
BESIDE = "SELECT organisation_id, sealed_secrets FROM endpoint WHERE sealed_secrets IS NOT NULL FOR UPDATE"
MOVED = "UPDATE endpoint SET sealed_secrets = NULL WHERE organisation_id = $1"
SHOWN = """
SELECT e.url, s.secret_end, s.made_at,
    (SELECT count(*) FROM endpoint_secret o WHERE o.organisation_id = e.organisation_id) AS known
FROM endpoint e LEFT JOIN LATERAL (
    SELECT secret_end, made_at FROM endpoint_secret n WHERE n.organisation_id = e.organisation_id
    ORDER BY made_at DESC LIMIT 1) s ON true
WHERE e.organisation_id = $1
"""


@dataclass(frozen=True, slots=True)
class SecretRow:
    """A secret as it is kept: sealed, with its last four signs beside it."""

    id: UUID
    organisation: UUID
    key_id: int
    sealed: bytes
    end: str
    made_at: datetime


async def of(sql: Sql, organisation: UUID) -> Sequence[SecretRow]:
    """Secrets of an organisation, the newest first (purpose contract_exchange)."""
    return [_row(row) for row in await sql.fetch(OF, organisation)]


async def under_older_keys(sql: Sql, newest: int) -> Sequence[SecretRow]:
    """Secrets that are sealed under another key than the newest, 500 at most."""
    return [_row(row) for row in await sql.fetch(UNDER_OLDER, newest)]


async def add(sql: Sql, new: SecretRow) -> None:
    """Keep a secret: messages are signed with it from now on."""
    await sql.execute(ADD, new.id, new.organisation, new.key_id, new.sealed, new.end, new.made_at)


async def reseal(sql: Sql, row: SecretRow) -> None:
    """Keep a secret under another key."""
    await sql.execute(RESEAL, row.id, row.key_id, row.sealed)


async def drop_old(sql: Sql, now: datetime, together: timedelta) -> None:
    """Let secrets go that were replaced long enough ago."""
    await sql.execute(DROP_OLD, now, together)


async def beside(sql: Sql) -> Sequence[tuple[UUID, bytes]]:
    """Organisations whose secrets still stand beside their address."""
    return [(row["organisation_id"], bytes(row["sealed_secrets"])) for row in await sql.fetch(BESIDE)]


async def moved(sql: Sql, organisation: UUID) -> None:
    """Nothing stands beside this address any more."""
    await sql.execute(MOVED, organisation)


async def shown(sql: Sql, organisation: UUID) -> Endpoint | None:
    """What an organisation sees of where it takes messages; None where it takes none."""
    row = await sql.fetchrow(SHOWN, organisation)
    if row is None:
        return None
    return Endpoint(
        host=urlsplit(row["url"]).hostname or "",
        secret_end=row["secret_end"],
        changed_at=row["made_at"],
        two_count=row["known"] > 1,
    )


def _row(row: Any) -> SecretRow:
    return SecretRow(
        row["id"],
        row["organisation_id"],
        row["key_id"],
        bytes(row["sealed_secret"]),
        row["secret_end"],
        row["made_at"],
    )
