"""The gateway's own database on a real PostgreSQL, with the roles and grants of its charter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chassis.charter import Charter
from chassis.pools import Database
from chassis.testing import SetClock
from chassis.work import Workplace, pools_of
from deploy.topology import database, secrets
from tests.chassis.postgres import Server, running_server

ROOT = Path(__file__).parents[2]


@dataclass
class Premises:
    """The server, the gateway's passwords, and a superuser's look at what is really there."""

    server: Server
    secrets: Path
    charter: Charter

    async def look(self, sql: str, *arguments: Any) -> list[Any]:
        """Any statement, past all policies."""
        connection = await asyncpg.connect(database.dsn_as(self.server.dsn, database.database_of("gateway")))
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    def workplace(self, clock: SetClock) -> Workplace:
        """The connections of one gateway process."""
        known = secrets.Secrets(self.secrets)
        name = database.database_of("gateway")
        place = Database(
            "127.0.0.1", self.server.port, name, lambda role: known.role_password("gateway", role)
        )
        return Workplace(pools_of(place, self.charter), self.charter, clock)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    charters = {"gateway": Charter.read(ROOT / "services" / "gateway" / "charter.toml")}
    folder = tmp_path_factory.mktemp("gateway") / "secrets"
    secrets.ensure(folder, charters)
    with running_server() as server:
        asyncio.run(database.apply(server.dsn, folder, charters, ROOT))
        yield Premises(server, folder, charters["gateway"])


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 22, 19, 0, tzinfo=UTC))


@pytest.fixture
async def workplaces(place: Premises, clock: SetClock) -> AsyncIterator[Callable[[], Workplace]]:
    """As many gateway processes as a test likes, on emptied tables."""
    await place.look("TRUNCATE waiting_room, waiting_ticket, session, draft, guest_order")
    opened: list[Workplace] = []

    def another() -> Workplace:
        opened.append(place.workplace(clock))
        return opened[-1]

    yield another
    for work in opened:
        await work.close()
