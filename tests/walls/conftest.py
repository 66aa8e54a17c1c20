"""Every service's real database, with its real roles, grants and policies, on a PostgreSQL of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import asyncpg
import pytest

from tests.topology.conftest import Installation
from tests.topology.conftest import installation as installation
from tests.walls.scene import Scene

Opening = Callable[[str], AbstractAsyncContextManager[Scene]]


@pytest.fixture
def scene(installation: Installation) -> Opening:
    """Opens a service's database for one transaction, which nobody ever sees."""

    @asynccontextmanager
    async def opened(service: str) -> AsyncIterator[Scene]:
        connection = await asyncpg.connect(installation.way(service))
        transaction = connection.transaction()
        await transaction.start()
        try:
            yield Scene(connection, installation.charters[service])
        finally:
            await transaction.rollback()
            await connection.close()

    return opened
