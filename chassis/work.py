"""One transaction, one purpose: the only way in which a service reaches its tables (W-11).

There is no connection without a purpose: each purpose has a login of its own whose column grants and row
policies come from the charter, so that a column too many is an error from the database and not a leak.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID, uuid4

import asyncpg

from chassis.access import LOCK_LOOKER, SALT_BYTES, SEEN_SINCE, Limits, LookUnsaid, Sight, is_watched
from chassis.charter import Charter
from chassis.clock import Clock
from chassis.context import Trail, is_beyond, trail
from chassis.decision import Refused
from chassis.faults import PurposeRefused
from chassis.heard import Heard
from chassis.pools import Database, Pools, RolePool, translated
from chassis.reason import Reason
from chassis.terms import is_forgetting
from contracts.actors import Actor
from contracts.envelope import Event
from contracts.looks import LookKind

__all__ = ["Limits", "LookUnsaid", "Reason", "Record", "Sql", "Work", "Workplace", "pools_of"]

CARRY = "carry"
RELAY = "relay"
LOCK_SUBJECT = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))"
TAKE_UP = """
INSERT INTO inbox (id, topic, seen_at, subject) SELECT $1, $2, $3, $4
WHERE NOT EXISTS (SELECT FROM tombstone WHERE subject = $5) ON CONFLICT DO NOTHING
"""
AN_HOUR = timedelta(hours=1)
FORGOTTEN = "SELECT EXISTS (SELECT FROM tombstone WHERE subject = $1)"
ANNOUNCE = """
INSERT INTO outbox (id, topic, subject, body, born_at, next_try, request_id, traceparent)
SELECT u.id, u.topic, u.subject, u.body, $1, $1, u.request_id, u.traceparent
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
    AS u (id, topic, subject, body, request_id, traceparent)
"""


_Letter = tuple[UUID, str, UUID | None, str, str, str | None]


class Record(Protocol):
    """A row: columns by name."""

    def __getitem__(self, name: str) -> Any: ...


class Sql(Protocol):
    """What handlers and stores may ask of the database."""

    async def fetch(self, sql: str, *arguments: Any) -> list[Any]:
        """All rows."""
        ...

    async def fetchrow(self, sql: str, *arguments: Any) -> Any | None:
        """The first row, or None."""
        ...

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        ...

    async def execute(self, sql: str, *arguments: Any) -> int:
        """Rows touched. A row that a policy hides is not touched: check the count."""
        ...


class _OnConnection:
    """Statements on one connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, sql: str, *arguments: Any) -> list[Any]:
        """All rows."""
        with translated():
            return list(await self._connection.fetch(sql, *arguments))

    async def fetchrow(self, sql: str, *arguments: Any) -> Any | None:
        """The first row, or None."""
        with translated():
            return await self._connection.fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        with translated():
            return await self._connection.fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> int:
        """Rows touched."""
        with translated():
            return rows_of(await self._connection.execute(sql, *arguments))

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same statement for many rows, in one round trip per batch."""
        with translated():
            await self._connection.executemany(sql, rows)


class Work(_OnConnection):
    """One transaction for one purpose. COMMIT comes at the end of the block, ROLLBACK on any exception."""

    def __init__(
        self,
        connection: Any,
        charter: Charter,
        purpose: str,
        actor: Actor,
        reason: Reason | None,
        now: datetime,
        limits: Limits,
    ) -> None:
        super().__init__(connection)
        self._says = charter.purpose[purpose].says
        self._bulk = charter.purpose[purpose].bulk
        self._limits = limits
        self._sight = Sight(is_watched(charter, purpose, actor))
        self.service = charter.service
        self.purpose = purpose
        self.actor = actor
        self.reason = reason
        self.now = now
        self.rings: set[str] = set()
        self._letters: list[_Letter] = []

    async def announce(self, event: Event, step: Trail | None = None) -> None:
        """Put an event into this transaction's outbox; ValueError for a topic the purpose may not say.

        All letters of a transaction are written in one statement before its COMMIT. `step` is the trail of
        the request that it belongs to, where several requests share a transaction.
        """
        if event.topic not in self._says:
            raise ValueError(f"the purpose {self.purpose} may not say {event.topic}")
        came = step or trail()
        body = event.model_dump_json()
        letter = (uuid4(), event.topic, event.subject_of(), body, came.request_id, came.traceparent)
        self._letters.append(letter)
        self.ring(RELAY)

    async def post(self) -> None:
        """Write what was announced into the outbox: the transaction does so before it commits."""
        letters, self._letters = self._letters, []
        if letters:
            await self.execute(ANNOUNCE, self.now, *(list(column) for column in zip(*letters, strict=True)))

    def ring(self, timer: str) -> None:
        """Let a timer of this process run when this transaction is committed, and not at its next turn only.

        Another replica finds the work at its next turn, so a bell saves time and nothing depends on it.
        """
        self.rings.add(timer)

    async def first_sight_of(self, heard: Heard[Any]) -> bool:
        """Whether this event is new here; False too for news of a person who was forgotten.

        Events of forgetting itself always pass the tombstone. The lock on the subject makes a late event wait
        for an erasure that is under way, so that it cannot slip in between.
        """
        subject = heard.event.subject_of()
        barred = None if is_forgetting(heard.topic) else subject
        if barred is not None:
            await self.execute(LOCK_SUBJECT, str(barred))
        return await self.execute(TAKE_UP, heard.id, heard.topic, self.now, subject, barred) == 1

    async def remembers(self, subject: UUID) -> bool:
        """Whether this person was not forgotten here; an erasure waits until this transaction ends.

        For requests that write about a person: a token outlives an erasure by minutes.
        """
        await self.execute(LOCK_SUBJECT, str(subject))
        return not await self.fetchval(FORGOTTEN, subject)

    def saw(self, subjects: Iterable[UUID]) -> None:
        """Staff saw one person, or wrote about one: kept with the COMMIT. Empty where a search found nobody.

        For visitors and the house itself there is nothing to keep. ValueError without a reason.
        """
        if self._sight.watched:
            if self.reason is None:
                raise ValueError(f"somebody looks at a person for {self.purpose} and gives no reason")
            self._sight.add(LookKind.ONE, subjects)

    async def saw_many(self, subjects: Iterable[UUID], about: UUID | None = None) -> Refused | None:
        """Staff or an organiser is about to be shown a list; too-many-looked-at where it is too long.

        Other lists that the actor saw within the last hour count too; `about` tells lists apart. A refused
        list must not be shown, and leaves no entry. PurposeRefused where the charter gives no bulk reading.
        """
        if not self._sight.watched:
            return None
        if self.actor.role not in self._bulk:
            raise PurposeRefused(self.purpose, self.actor.role)
        seen = frozenset(subjects)
        # Two lists at once would each count without the other.
        await self.execute(LOCK_LOOKER, str(self.actor.id))
        before = await self.fetchval(SEEN_SINCE, self.now - AN_HOUR, self.purpose, about)
        if len(seen) > self._limits.per_answer or before + len(seen) > self._limits.per_hour:
            self._sight.said = True
            return Refused("too-many-looked-at", {"most": self._limits.per_answer})
        self._sight.add(LookKind.LIST, seen)
        self._sight.about = about
        return None

    def saw_nobody(self) -> None:
        """Nothing in this transaction tells staff anything about anybody."""
        self._sight.said = True

    def handed(self, recipient: UUID, subjects: Iterable[UUID], purpose: str) -> None:
        """An organisation outside got data about these for a purpose: kept with the COMMIT."""
        self._sight.recipient, self._sight.handed_for = recipient, purpose
        self._sight.add(LookKind.EXPORT, subjects)

    def ending(self) -> str:
        """COMMIT, with what is kept of this transaction's look; LookUnsaid where nobody said whom."""
        entry = self._sight.entry(uuid4(), self.now, self.purpose, self.actor, self.reason)
        return f"{entry.insert(secrets.token_bytes(SALT_BYTES))}; COMMIT" if entry else "COMMIT"


W = TypeVar("W", bound=Work)


class _Once:
    """The one-statement form: each statement is its own transaction, which saves two round trips."""

    def __init__(self, pool: RolePool) -> None:
        self._pool = pool

    async def fetch(self, sql: str, *arguments: Any) -> list[Any]:
        """All rows."""
        async with self._pool.acquire() as connection:
            return await _OnConnection(connection).fetch(sql, *arguments)

    async def fetchrow(self, sql: str, *arguments: Any) -> Any | None:
        """The first row, or None."""
        async with self._pool.acquire() as connection:
            return await _OnConnection(connection).fetchrow(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> Any:
        """The first column of the first row, or None."""
        async with self._pool.acquire() as connection:
            return await _OnConnection(connection).fetchval(sql, *arguments)

    async def execute(self, sql: str, *arguments: Any) -> int:
        """Rows touched."""
        async with self._pool.acquire() as connection:
            return await _OnConnection(connection).execute(sql, *arguments)


class Workplace:
    """Where work is done: handed to handlers as `work`."""

    def __init__(self, pools: Pools, charter: Charter, clock: Clock, limits: Limits | None = None) -> None:
        """`limits` bound what one may look at in bulk; without them the usual ones do."""
        self._pools = pools
        self._charter = charter
        self._clock = clock
        self._limits = limits or Limits()
        self._bells: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def __call__(self, purpose: str, actor: Actor, reason: Reason | None = None) -> AsyncIterator[Work]:
        """One transaction for a purpose; PurposeRefused where charter or route bar the actor.

        Where staff could see people in it, it ends with a word about whom they saw, or not at all.
        """

        def made(connection: Any, now: datetime) -> Work:
            return Work(connection, self._charter, purpose, actor, reason, now, self._limits)

        async with self._transaction(self._pool(purpose, actor), begin_for(actor), made) as tx:
            yield tx

    @asynccontextmanager
    async def together(
        self, purpose: str, actors: Sequence[Actor], make: Callable[[Any, Charter, datetime, Limits], W]
    ) -> AsyncIterator[W]:
        """One transaction that several share for a purpose: see chassis/together.py.

        PurposeRefused where charter or route bar one of them; ValueError for a purpose of one organisation.
        """
        if self._charter.purpose[purpose].of_one_organisation:
            raise ValueError(f"the purpose {purpose} is bound to an organisation, which is not shared")
        (pool, *_) = [self._pool(purpose, actor) for actor in actors]

        def made(connection: Any, now: datetime) -> W:
            return make(connection, self._charter, now, self._limits)

        async with self._transaction(pool, "BEGIN", made) as tx:
            yield tx

    @asynccontextmanager
    async def _transaction(
        self, pool: RolePool, begin: str, made: Callable[[Any, datetime], W]
    ) -> AsyncIterator[W]:
        async with pool.lend() as connection:
            with translated():
                await connection.execute(begin)
            work = made(connection, self._clock.now())
            try:
                yield work
                await work.post()
                with translated():
                    ended = await connection.execute(work.ending())
            except BaseException:
                await _undo(connection)
                raise
            if ended != "COMMIT":
                raise RuntimeError("a failed statement was swallowed inside a transaction: nothing was kept")
        for name in work.rings:
            self.bell(name).set()

    def once(self, purpose: str, actor: Actor) -> Sql:
        """One statement for a purpose.

        Purposes of one organisation, and staff who could see people, need a transaction: ValueError.
        """
        pool = self._pool(purpose, actor)
        if self._charter.purpose[purpose].of_one_organisation:
            raise ValueError(f"the purpose {purpose} is bound to an organisation and needs a transaction")
        if is_watched(self._charter, purpose, actor):
            raise ValueError(f"who looks at people for {purpose} needs a transaction that keeps whom")
        return _Once(pool)

    def bell(self, name: str) -> asyncio.Event:
        """What is set after a commit that rang for this timer, or announced something (RELAY)."""
        return self._bells.setdefault(name, asyncio.Event())

    def carry(self) -> RolePool:
        """The connections of the relay's own role: outbox, sent and parked letters, nothing else."""
        return self._pools.of(self._charter.purpose_role(CARRY))

    async def close(self) -> None:
        """Let all connections go."""
        await self._pools.close()

    def _pool(self, purpose: str, actor: Actor) -> RolePool:
        known = self._charter.purpose.get(purpose)
        if known is None or actor.role not in known.actors or is_beyond(actor, purpose):
            raise PurposeRefused(purpose, actor.role)
        if known.of_one_organisation and actor.organisation is None:
            raise PurposeRefused(purpose, actor.role)
        return self._pools.of(self._charter.purpose_role(purpose))


def pools_of(database: Database, charter: Charter) -> Pools:
    """The pools that a service needs: one per purpose of its charter, and the relay's."""
    roles = {charter.purpose_role(name): purpose.hot for name, purpose in charter.purpose.items()}
    return Pools(database, roles | {charter.purpose_role(CARRY): False})


def begin_for(actor: Actor) -> str:
    """BEGIN and the settings that policies read, in one round trip; UUIDs only, so nothing is smuggled."""
    settings = [acting(actor.id)]
    if actor.organisation is not None:
        settings.append(f"SET LOCAL app.organisation = '{UUID(str(actor.organisation))}'")
    return "; ".join(("BEGIN", *settings))


def acting(actor: UUID) -> str:
    """The setting by which policies know who acts, for the rest of a transaction."""
    return f"SET LOCAL app.actor = '{UUID(str(actor))}'"


def rows_of(tag: str) -> int:
    """The count in a command tag such as `INSERT 0 3` or `UPDATE 2`; 0 where the tag has none."""
    last = tag.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


async def _undo(connection: Any) -> None:
    """ROLLBACK, or cut the connection where even that fails: the server then rolls back itself."""
    try:
        if not connection.is_closed():
            await connection.execute("ROLLBACK", timeout=2.0)
    except Exception:
        # A connection that the server cut is no longer ours to end.
        with suppress(asyncpg.InterfaceError):
            connection.terminate()
