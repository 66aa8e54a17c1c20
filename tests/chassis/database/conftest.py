"""A real PostgreSQL with the toy service's database, made by the topology that makes the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chassis.charter import Charter, all_charters
from chassis.pools import Database
from chassis.testing import SetClock
from chassis.work import Workplace, pools_of
from deploy.topology import database, secrets
from tests.chassis.postgres import Server, running_server

TOY = Path(__file__).parents[1] / "toy"


@dataclass
class Toy:
    """The toy service: its charter, where its database is, and the superuser's way in for looking."""

    server: Server
    secrets: Path
    charter: Charter
    charters: dict[str, Charter]

    @property
    def database(self) -> Database:
        known = secrets.Secrets(self.secrets)
        return Database(
            "127.0.0.1",
            self.server.port,
            "avondkassa_orders",
            lambda role: known.role_password("orders", role),
        )

    async def look(self, sql: str, *arguments: Any) -> list[Any]:
        """What is really there, whatever policies hide."""
        dsn = database.dsn_as(self.server.dsn, "avondkassa_orders")
        connection = await asyncpg.connect(dsn)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    charters = all_charters(TOY)
    folder = tmp_path_factory.mktemp("house") / "secrets"
    secrets.ensure(folder, charters)
    with running_server() as server:
        asyncio.run(database.apply(server.dsn, folder, charters, TOY))
        yield Toy(server, folder, charters["orders"], charters)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
async def work(toy: Toy, clock: SetClock) -> AsyncIterator[Workplace]:
    """The toy's workplace on emptied tables."""
    tables = "guest, attendance, invoice, stall, outbox, sent, inbox, parked, tombstone, gate"
    log = "access_entry, access_subject, access_hash, access_seal"
    await toy.look(f"TRUNCATE {tables}, idempotency_key, copy_part, revoked_actor, {log}")
    place = Workplace(pools_of(toy.database, toy.charter), toy.charter, clock)
    yield place
    await place.close()
