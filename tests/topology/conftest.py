"""The real charters on a PostgreSQL of these tests' own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chassis.charter import Charter, all_charters
from deploy.topology import database, secrets
from deploy.topology.secrets import ROOT
from tests.chassis.postgres import Server, running_server


@dataclass
class Installation:
    """A server on which every service's database was made."""

    server: Server
    secrets: Path
    charters: dict[str, Charter]

    def way(self, service: str, role: str | None = None) -> str:
        """The way into a database, as the superuser or as a login role of the service."""
        name = database.database_of(service)
        if role is None:
            return database.dsn_as(self.server.dsn, name)
        password = secrets.Secrets(self.secrets).role_password(service, role)
        return database.dsn_as(self.server.dsn, name, role, password)

    async def run(self, service: str, sql: str, role: str | None = None) -> list[Any]:
        connection = await asyncpg.connect(self.way(service, role))
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation") / "secrets"
    charters = all_charters(ROOT)
    secrets.ensure(folder, charters)
    with running_server() as server:
        asyncio.run(database.apply(server.dsn, folder, charters))
        yield Installation(server, folder, charters)
