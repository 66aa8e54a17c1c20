"""People choose: from the click until the last service obeys, alone and beside a sale at half its rate."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import asyncpg

from chassis.clock import SystemClock
from chassis.tokens import Issuer
from contracts.actors import Actor, Role
from deploy.local import postgres
from deploy.local.instance import Instance
from deploy.topology.database import database_of, dsn_as
from tests.bench.figure import Figure, Goal, Sent
from tests.bench.house import bench_house
from tests.bench.load import Load, measure, percentile
from tests.bench.machine import surroundings
from tests.bench.part import Bench
from tests.bench.sale_stage import put_on
from tests.bench.sale_visits import JSON, buy
from tests.bench.walls import quiet

SERVICES = ("accounts", "orders", "notify", "sharing", "retention", "gateway")
STATES = ("given", "withdrawn")
LOOKS = 0.01
"""Seconds between two looks into the databases: how exact a figure is."""
PATIENCE = 20.0
STANDS = "SELECT state = $2 FROM gate WHERE subject = $1 AND purpose = 'newsletter'"


@dataclass(frozen=True)
class Watch:
    """Somebody who chooses, the door where they do, and a look into each service's gate."""

    who: UUID
    door: str
    token: str
    session: aiohttp.ClientSession
    gates: Mapping[str, Any]

    async def change(self, state: str) -> float:
        """Seconds from the click until every gate says so."""
        began = time.perf_counter()
        body = json.dumps({"purpose": "newsletter", "state": state})
        headers = {**JSON, "Authorization": f"Bearer {self.token}"}
        async with self.session.post(self.door, data=body, headers=headers) as answer:
            answer.raise_for_status()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(self._obeys(gate, state) for gate in self.gates.values()))
        return time.perf_counter() - began

    async def _obeys(self, gate: Any, state: str) -> None:
        while True:
            if await gate.fetchval(STANDS, self.who, state):
                return
            await asyncio.sleep(LOOKS)


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Choices one after the other: alone, then beside a sale."""
    changes, seconds, buyers = (6, 2.0, 4) if bench.quick else (200, 20.0, 32)
    with bench_house(bench.run_folder("choices")) as (instance, endpoints):
        await quiet(instance)
        yield _figure("choices.obeyed", await _changed(instance, endpoints, changes), "alone")
        show = await put_on(instance, endpoints, 10_000_000)
        with surroundings() as seen:
            sold = await measure(Load(buy, show, buyers, seconds=seconds, warm=seconds / 5))
            rate = max(1.0, sold.per_second() / 2)
            sale = asyncio.create_task(measure(Load(buy, show, buyers, seconds=3 * seconds, rate=rate)))
            taken = await _changed(instance, endpoints, changes, sale)
            beside = await sale
        bench.watched.append(seen)
    note = f"beside {beside.per_second():.1f} orders/s, half of {sold.per_second():.1f}"
    yield _figure("choices.obeyed, tickets sell", taken, note)


async def _changed(
    instance: Instance, endpoints: Mapping[str, Any], changes: int, during: asyncio.Task[Any] | None = None
) -> list[float]:
    """Seconds of so many changes; no more of them than happen during something."""
    who = uuid4()
    issuer = Issuer((instance.secrets / "gateway" / "signing.pem").read_bytes(), "gateway")
    async with AsyncExitStack() as stack:
        gates = {name: await stack.enter_async_context(_gate(instance, name)) for name in SERVICES}
        session = await stack.enter_async_context(aiohttp.ClientSession())
        taken: list[float] = []
        for turn in range(changes):
            if during is not None and during.done():
                break
            token = issuer.sign(Actor(Role.VISITOR, who), "accounts", SystemClock().now())
            door = f"{endpoints['services']['accounts']}/people/me/choices"
            taken.append(await Watch(who, door, token, session, gates).change(STATES[turn % 2]))
    return taken


@asynccontextmanager
async def _gate(instance: Instance, service: str) -> AsyncIterator[Any]:
    """A look past all policies."""
    connection = await asyncpg.connect(dsn_as(postgres.of(instance).dsn, database_of(service)))
    try:
        yield connection
    finally:
        await connection.close()


def _figure(name: str, taken: list[float], note: str) -> Figure:
    slowest = percentile(taken, 0.99)
    told = f"p99 of {len(taken)} changes until six services obey, p50 {percentile(taken, 0.5):.3f} s; {note}"
    sent = Sent(len(taken), {}, percentile(taken, 0.5) * 1000, slowest * 1000, sum(taken), 0.0)
    return Figure(name, slowest, "s", Goal(2, at_most=True), Goal(0.5, at_most=True), sent=sent, note=told)
