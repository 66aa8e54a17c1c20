"""The demo season of a fictional culture centre by the sea, loaded once, at the first start."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local.season import accounts, orders, retention, sharing
from deploy.local.season.programme import read_season


async def load(run: Path, databases: Mapping[str, str], receiver_url: str) -> None:
    """Load the season into empty databases; each service's rows in one transaction.

    `databases` holds the DSN of each service's migration role, which no service has. A service that has been
    loaded already, before a crash, is left as it is.
    """
    season = read_season(datetime.now(UTC))
    secrets = run / "secrets"
    async with _empty(databases["accounts"], "login") as connection:
        if connection is not None:
            await accounts.load(connection, season, secrets)
    async with _empty(databases["orders"], "event") as connection:
        if connection is not None:
            await orders.load(connection, season)
    async with _empty(databases["sharing"], "agreement") as connection:
        if connection is not None:
            await sharing.load(connection, season, secrets, receiver_url)
    async with _empty(databases["retention"], "activity") as connection:
        if connection is not None:
            await retention.load(connection, season)


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
