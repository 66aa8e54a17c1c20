"""The demo season of a fictional culture centre by the sea, loaded once, at the first start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local.season import accounts, large, orders, retention, sharing
from deploy.local.season.programme import read_season
from deploy.local.sizes import LARGE


async def load(run: Path, databases: Mapping[str, str], receiver_url: str, size: str) -> None:
    """Load the season into empty databases; each service's rows in one transaction.

    `databases` holds the DSN of each service's migration role, which no service has. A service that has been
    loaded already, before a crash, is left as it is. `size` is one of deploy/local/sizes.py.
    """
    now, grown = datetime.now(UTC), size == LARGE
    season = read_season(now, large.programme if grown else None)
    secrets = run / "secrets"
    async with _empty(databases["accounts"], "login") as connection:
        if connection is not None:
            await accounts.load(connection, season, secrets)
            await _grow(connection, "accounts", now, grown=grown)
    async with _empty(databases["orders"], "event") as connection:
        if connection is not None:
            await orders.load(connection, season)
            await _grow(connection, "orders", now, grown=grown)
    async with _empty(databases["sharing"], "agreement") as connection:
        if connection is not None:
            await sharing.load(connection, season, secrets, receiver_url)
    async with _empty(databases["retention"], "activity") as connection:
        if connection is not None:
            await retention.load(connection, season)
            await _grow(connection, "retention", now, grown=grown)
    async with _empty(databases["notify"], "contact") as connection:
        if connection is not None:
            await _grow(connection, "notify", now, grown=grown)


async def _grow(connection: Any, service: str, now: datetime, *, grown: bool) -> None:
    if grown:
        await large.load(connection, service, now)


@asynccontextmanager
async def _empty(dsn: str, table: str) -> AsyncIterator[Any]:
    """A connection inside a transaction, or None where the table has rows already."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            loaded = await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 - our own names.
            yield None if loaded else connection
    finally:
        await connection.close()
