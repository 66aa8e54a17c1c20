"""Connections: one small lazy pool per login role, and one cap for the whole process.

Only SET LOCAL is ever used, so a connection needs no reset query when it comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

import asyncpg

from chassis.faults import DatabaseAway

MAX_CONNECTIONS = 24
POOL_MAX = 4
HOT_MIN, HOT_MAX = 1, 8
IDLE_SECONDS = 60.0
CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 15.0
ACQUIRE_SECONDS = 10.0
SERVER_SETTINGS = {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "20s",
    "timezone": "UTC",
    "jit": "off",
}
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""What asyncpg raises when the database is away.

InterfaceError is how it says "connection is closed", InternalClientError what a statement gets that meets the
server's goodbye half-way. A full disk, or a standby that has not yet taken over, cannot even park.
"""


@dataclass(frozen=True, slots=True)
class Database:
    """Where a service's database is. `password` gives a login role's password; `tls` is never optional."""

    host: str
    port: int
    name: str
    password: Callable[[str], str]
    tls: SSLContext | None = None


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types.
    """A connection that costs no round trip when it goes back to its pool, and never calls set_config.

    asyncpg switches jit off through set_config before it looks up an array type, which no purpose role may
    execute. jit is off in the session's settings already, so the connection says that there is none.
    """

    _server_caps: Any

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._server_caps = self._server_caps._replace(jit=False)

    def get_reset_query(self) -> str:
        """Nothing to reset: roles cannot be switched and every setting is local to a transaction."""
        return ""


class translated:
    """Around a call to asyncpg: every way in which a database can be away becomes DatabaseAway, valueless.

    A wrong argument is asyncpg's InterfaceError too, but a ValueError as well: that one is a bug and stays,
    unless it is a certificate that does not hold: whoever shows that is no database of ours.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to prepare: every statement passes here, and a generator would cost it more."""

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: object) -> None:
        """DatabaseAway for what AWAY names."""
        if isinstance(fault, AWAY) and (not isinstance(fault, ValueError) or isinstance(fault, OSError)):
            raise DatabaseAway(type(fault).__name__) from fault


class RolePool:
    """The connections of one login role, opened when first needed."""

    def __init__(self, database: Database, role: str, cap: asyncio.Semaphore, *, hot: bool = False) -> None:
        self._database = database
        self._role = role
        self._cap = cap
        self._sizes = (HOT_MIN, HOT_MAX) if hot else (0, POOL_MAX)
        # Whoever waits for this role's connections keeps no other role from its own.
        self._turn = asyncio.Semaphore(self._sizes[1])
        self._pool: Any = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        """An asyncpg connection for database work only: whatever breaks inside the block is DatabaseAway."""
        with translated():
            async with self.lend() as connection:
                yield connection

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Any]:
        """An asyncpg connection for a block that does other things too: its own faults pass as they are.

        DatabaseAway when none can be had; calls on the connection belong inside `translated()`.
        """
        await self._take_turn()
        try:
            pool = self._pool or await self._open()
            with translated():
                # Whoever has a turn finds a connection free, or opens one, which has its own time limit.
                connection = await pool.acquire()
            try:
                yield connection
            finally:
                with translated():
                    await pool.release(connection)
        finally:
            self._cap.release()
            self._turn.release()

    async def _take_turn(self) -> None:
        """A place among this role's connections, then one among those of the process."""
        if not self._turn.locked() and not self._cap.locked():
            # Both are free and taken at once: no clock needs to run.
            await self._turn.acquire()
            await self._cap.acquire()
            return
        with translated():
            async with asyncio.timeout(ACQUIRE_SECONDS):
                await self._turn.acquire()
                try:
                    await self._cap.acquire()
                except BaseException:
                    self._turn.release()
                    raise

    async def close(self) -> None:
        """Let every connection go; those still at work are cut after a second."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), timeout=1.0)
            except (TimeoutError, *AWAY):
                pool.terminate()

    async def _open(self) -> Any:
        async with self._opening:
            if self._pool is None:
                self._pool = await self._create()
        return self._pool

    async def _create(self) -> Any:
        with translated():
            return await asyncpg.create_pool(
                host=self._database.host,
                port=self._database.port,
                database=self._database.name,
                user=self._role,
                password=self._database.password(self._role),
                min_size=self._sizes[0],
                max_size=self._sizes[1],
                max_inactive_connection_lifetime=IDLE_SECONDS,
                ssl=self._database.tls,
                timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS,
                server_settings={**SERVER_SETTINGS, "application_name": self._role},
                connection_class=Connection,
            )


class Pools:
    """All pools of one process: one per purpose role, and one for the relay's role `carry`."""

    def __init__(self, database: Database, roles: Mapping[str, bool]) -> None:
        """`roles` says for each login role whether it is hot."""
        cap = asyncio.Semaphore(MAX_CONNECTIONS)
        self._pools = {role: RolePool(database, role, cap, hot=hot) for role, hot in roles.items()}

    def of(self, role: str) -> RolePool:
        """The pool of a login role; KeyError where no charter made one."""
        return self._pools[role]

    async def close(self) -> None:
        """Close every pool."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))
