"""A house of its own: databases and broker as the topology makes them, doors as the services compose them."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from chassis.charter import Charter, all_charters
from chassis.charter_check import catalogue_of
from deploy.local.environment import SERVICES
from deploy.local.instance import Instance, prepare
from deploy.local.ports import Ports, free_base
from deploy.topology import broker, database, secrets
from deploy.topology.secrets import ADMINISTRATOR, ROOT
from tests.chassis.postgres import Server, running_server
from tests.chassis.rabbitmq import Broker, running_broker
from tests.loosen import charters, columns, doors, letters, rows
from tests.loosen.laws import laws_of, spoken, topics_of
from tests.loosen.laws import letters as said
from tests.loosen.tally import Tally

PARTS = ("columns", "rows", "charters", "doors", "letters")


@dataclass(frozen=True)
class House:
    """What stands, of the parts that were asked for."""

    parts: Collection[str]
    instance: Instance
    charters: dict[str, Charter]
    server: Server | None
    broker: Broker | None
    each: int = 1
    """Of databases, each permission and law, or each so-manieth for a sample."""

    async def loosen(self, tally: Tally, service: str | None = None) -> None:
        """Every part, one permission after the other."""
        if self.server is not None:
            await database.apply(self.server.dsn, self.instance.secrets, self.charters)
        services = [service] if service else SERVICES
        await asyncio.gather(*(self._of_service(tally, name) for name in services))
        if self.broker is not None:
            await self._by_letters(tally)

    async def _of_service(self, tally: Tally, service: str) -> None:
        if self.server is not None:
            async with self.superuser(service) as connection:
                await self._in_database(tally, service, connection)
        if "doors" in self.parts:
            await self._at_doors(tally, service)

    @asynccontextmanager
    async def superuser(self, service: str) -> AsyncIterator[Any]:
        """Whoever widens things in a database, and acts as any login of it."""
        assert self.server is not None, "this house has no databases"
        dsn = database.dsn_as(self.server.dsn, database.database_of(service))
        connection = await asyncpg.connect(dsn, server_settings={"jit": "off"})
        try:
            yield connection
        finally:
            await connection.close()

    async def _in_database(self, tally: Tally, service: str, connection: Any) -> None:
        ledger = await columns.ledger_of(service, connection)
        charter = self.charters[service]
        laws = spoken(laws_of(service, charter.purpose), ledger.columns)
        if "columns" in self.parts:
            some = dict(list(laws.items())[:: self.each])
            tally.hold(await columns.complaints(connection, ledger, some))
            for granted in sorted(ledger.grants)[:: self.each]:
                wider = list(columns.widenings(ledger, granted))
                missed = [
                    one.means for one in wider if not await columns.noticed(connection, ledger, laws, one)
                ]
                tally.found("grants", columns.told(ledger, granted.purpose, granted.reach), missed)
        if "charters" in self.parts:
            catalogue = await catalogue_of(connection)
            for what, one in charters.widenings(charter, ledger, catalogue):
                missed = [] if await columns.noticed(connection, ledger, laws, one) else [one.means]
                tally.found("charters", f"{service}: {what}", missed)
        if "rows" in self.parts:
            await self._before_rows(
                tally, await rows.rows_of(ledger, connection, topics_of(service)), connection
            )

    async def _before_rows(self, tally: Tally, known: rows.Rows, connection: Any) -> None:
        cases = rows.cases(known)
        tally.hold(await rows.complaints(connection, known, cases[:: self.each]))
        for policy in known.policies[:: self.each]:
            missed = [
                means
                for means, statement in rows.widenings(known, policy)
                if not await rows.noticed(connection, known, cases, policy, statement)
            ]
            tally.found("policies", f"{known.ledger.service}: {policy.name} on {policy.table}", missed)

    async def _at_doors(self, tally: Tally, service: str) -> None:
        offer = doors.offered(self.instance, service)
        laws = doors.laws_of_doors(service)
        routes = list(offer.service.routes)
        tally.hold([line async for line in doors.complaints(offer, routes, laws)])
        for route in routes:
            missed = [
                means
                for means, wider in doors.widenings(offer, route)
                if not await doors.noticed(offer, wider, laws)
            ]
            tally.found("routes", f"{service}: {doors.asked(route)}", missed)

    async def _by_letters(self, tally: Tally) -> None:
        assert self.broker is not None
        post = letters.Post(
            self.broker.server,
            broker.definitions(self.instance.secrets, self.charters),
            secrets.Secrets(self.instance.secrets).broker_password,
            tuple(said()),
        )
        for told in await asyncio.gather(*(letters.complaints(post, name) for name in post.services)):
            tally.hold(told)
        tally.hold(await letters.deliveries(post))
        before: tuple[str, ...] = ()
        for wider in letters.permissions(post):
            await post.evaluate(*before, wider.loosen)
            before = (wider.tighten,)
            missed = [] if await letters.permission_noticed(post, wider) else [wider.means]
            tally.found("broker permissions", wider.found, missed)
        await post.evaluate(*before)
        async with post.connected(ADMINISTRATOR) as connection:
            channel = await connection.channel(publisher_confirms=True)
            for bound in letters.bindings(post):
                noticed = await letters.binding_noticed(post, channel, bound)
                missed = [] if noticed else [f"{bound.more.topic} in {bound.queue}"]
                tally.found("bindings", bound.found, missed)


@contextmanager
def ground(parts: Collection[str], each: int = 1) -> Iterator[House]:
    """A house that lives as long as the block, with what these parts need."""
    folder = Path(tempfile.mkdtemp(prefix="avondkassa-loosen-"))
    known = all_charters(ROOT)
    instance = Instance(folder / "house", Ports(free_base()))
    try:
        prepare(instance)
        secrets.ensure(instance.secrets, known)
        with ExitStack() as stack:
            server = (
                stack.enter_context(running_server())
                if {"columns", "rows", "charters"} & set(parts)
                else None
            )
            definitions = broker.definitions(instance.secrets, known)
            post = stack.enter_context(running_broker(definitions)) if "letters" in parts else None
            yield House(parts, instance, known, server, post, each)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
