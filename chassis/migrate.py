"""Plain SQL migrations: in order, once, under an advisory lock. Expand first, contract a release later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LOCK = 0x61766F6E64  # One number for all: two topologies that start together take turns.
LEDGER = """
CREATE TABLE IF NOT EXISTS migration (
    name       text PRIMARY KEY,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationChanged(RuntimeError):
    """A migration that was applied before reads differently now: write a new one instead."""


async def migrate(connection: Any, folders: Sequence[Path]) -> list[str]:
    """Apply what is new in these folders, in their order and by file name; returns the names applied.

    `connection` is asyncpg's, of the migration role (BYPASSRLS: FORCE would hide every row from a backfill).
    Each file is a transaction of its own. Raises MigrationChanged and what PostgreSQL raises.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        await connection.execute(LEDGER)
        known = {
            row["name"]: row["sha256"] for row in await connection.fetch("SELECT name, sha256 FROM migration")
        }
        return [name for name, sql in _files(folders) if await _apply(connection, known, name, sql)]
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)


def _files(folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for path in sorted(folder.glob("*.sql")):
            yield f"{folder.parent.name}/{path.name}", path.read_text(encoding="utf-8")


async def _apply(connection: Any, known: dict[str, str], name: str, sql: str) -> bool:
    digest = hashlib.sha256(sql.encode()).hexdigest()
    if name in known:
        if known[name] != digest:
            raise MigrationChanged(f"{name} was applied before and has changed since")
        return False
    async with connection.transaction():
        await connection.execute(sql)
        await connection.execute("INSERT INTO migration (name, sha256) VALUES ($1, $2)", name, digest)
    return True
