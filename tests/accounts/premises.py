"""accounts and retention on a real PostgreSQL, with the roles, grants and policies of their charters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from chassis.charter import Charter
from chassis.metrics import Metrics
from chassis.service import Service
from chassis.testing import SetClock, heard
from chassis.tokens import Issuer, Proof, Revocations, Verifier, read_keys
from chassis.web import Door, Readiness, application, run
from contracts.actors import Actor, Role
from contracts.catalogue import events
from contracts.envelope import Event
from deploy.topology import database, secrets
from tests.chassis.postgres import Server, running_server
from tests.chassis.shop import key_pair

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Premises:
    """Two databases, their secrets, and the gateway's key for visitors."""

    server: Server
    folder: Path
    charters: dict[str, Charter]
    gateway_key: bytes
    notify_key: bytes = b""

    def settings(self, service: str, **more: Any) -> dict[str, Any]:
        return {
            "service": service,
            "port": 0,
            "database_port": self.server.port,
            "database_name": database.database_of(service),
            "secrets": self.folder / service,
            "house": ROOT / "deploy" / "house.toml",
            "environment": "local",
        } | more

    async def look(self, service: str, sql: str, *arguments: Any) -> list[Any]:
        """What is really there, whatever policies hide."""
        dsn = database.dsn_as(self.server.dsn, database.database_of(service))
        connection = await asyncpg.connect(dsn)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    async def empty(self, service: str) -> None:
        """Nothing in any table of a service, as on the first day."""
        rows = await self.look(
            service,
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
        )
        names = ", ".join(f'"{row["relname"]}"' for row in rows if row["relname"] != "migration")
        await self.look(service, f"TRUNCATE {names}")


@contextmanager
def premises(folder: Path) -> Iterator[Premises]:
    """A server with both databases, gone at the end."""
    found = [Charter.read(ROOT / "services" / name / "charter.toml") for name in ("accounts", "retention")]
    charters = {charter.service: charter for charter in found}
    secrets.ensure(folder, charters)
    (private, public), (signing, signed) = key_pair(), key_pair()
    for service in charters:
        (folder / service / "keys" / "gateway.tests.pub.pem").write_bytes(public)
        (folder / service / "keys" / "notify.tests.pub.pem").write_bytes(signed)
    with running_server() as server:
        asyncio.run(database.apply(server.dsn, folder, charters, ROOT))
        yield Premises(server, folder, charters, private, signing)


@dataclass
class Open:
    """One service with its door open, and hands to feed it events."""

    premises: Premises
    service: Service
    clock: SetClock
    base: str
    session: aiohttp.ClientSession

    def token(self, actor: Actor) -> str:
        issuer = "gateway" if actor.role is Role.VISITOR else "accounts"
        key = self.premises.gateway_key
        if issuer == "accounts":
            key = (self.premises.folder / "accounts" / "signing.pem").read_bytes()
        now = self.clock.now()
        return Issuer(key, issuer).sign(actor, self.service.name, now, Proof(now))

    async def call(
        self, method: str, path: str, body: Any = None, actor: Actor | None = None, language: str = "en"
    ) -> tuple[int, Any]:
        """Status and JSON body of one request."""
        headers = {"Accept-Language": language, "Access-Reason": "rights-request"}
        if actor is not None:
            headers["Authorization"] = f"Bearer {self.token(actor)}"
        async with self.session.request(method, self.base + path, json=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def hear(self, *said: Event) -> None:
        """Give events to whoever subscribed, each in its own envelope."""
        for event in said:
            for one in self.service.subscriptions:
                if one.event is type(event):
                    await one.handle(heard(event, self.clock.now()))

    async def hear_together(self, *said: Event) -> None:
        """Give events of one kind to whoever subscribed, as they come in busy times: all or none."""
        for one in self.service.subscriptions:
            if one.event is type(said[0]):
                assert one.together is not None, "this event comes one by one"
                await one.together([heard(event, self.clock.now()) for event in said])

    async def said(self) -> list[Event]:
        """Take what waits in the outbox, oldest first."""
        name = self.service.name
        # Nothing else writes here meanwhile, so the place of a row tells when it was written.
        rows = await self.premises.look(name, "SELECT topic, body FROM outbox ORDER BY born_at, ctid")
        await self.premises.look(name, "TRUNCATE outbox")
        kinds = events()
        return [kinds[row["topic"]].model_validate_json(row["body"]) for row in rows]

    async def run_timer(self, name: str) -> None:
        """Let one timer run once."""
        await next(timer for timer in self.service.timers if timer.name == name).run()

    async def rows(self, sql: str, *arguments: Any) -> list[dict[str, Any]]:
        """What is really there."""
        return [dict(row) for row in await self.premises.look(self.service.name, sql, *arguments)]


@asynccontextmanager
async def opened(premises: Premises, service: Service, clock: SetClock) -> AsyncIterator[Open]:
    """The service's door on a free port; events come by hand instead of by broker."""
    keys = premises.folder / service.name / "keys"
    door = Door(
        service=service.name,
        routes=service.routes,
        problems=service.problems,
        verifier=Verifier(read_keys(keys), service.name, Revocations()),
        clock=clock,
        metrics=Metrics(service.name),
        readiness=Readiness({}),
    )
    running = await run(application(door), "127.0.0.1", 0, 1.0)
    try:
        async with aiohttp.ClientSession() as session:
            yield Open(premises, service, clock, f"http://127.0.0.1:{running.port}", session)
    finally:
        await running.close()
        for hook in service.on_stop:
            await hook()
        await service.workplace.close()
