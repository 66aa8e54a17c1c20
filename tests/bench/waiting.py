"""The waiting room in a crowd: how many join in a second, and how many ask for their place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from deploy.local import postgres
from deploy.local.instance import Instance
from deploy.topology.database import database_of, dsn_as
from tests.bench.figure import Figure
from tests.bench.house import bench_house
from tests.bench.load import Client, Load, Tally, measure
from tests.bench.machine import surroundings
from tests.bench.part import Bench

SLUG = "de-langste-golf"
SHADOWS = """
INSERT INTO waiting_ticket (event_id, session_hash, number, turn_until, arrived_at, kept_until)
SELECT $1, sha256(n::text::bytea), gen_random_uuid(), now() + interval '1 hour', now(),
    now() + interval '1 hour' FROM generate_series(1, 2000) AS n
"""


@dataclass(frozen=True)
class Door:
    """Where the crowd stands."""

    gateway: str

    @property
    def line(self) -> str:
        """Where one joins."""
        return f"{self.gateway}/api/v1/events/{SLUG}/waiting"

    @property
    def place(self) -> str:
        """What the page asks again and again."""
        return f"{self.gateway}/e/{SLUG}/wait/place"


async def join(client: Client, door: Door) -> None:
    """Somebody new, without a cookie."""
    client.cookies.clear()
    place = (await client.ask("join", "POST", door.line)).json()
    if place["state"] != "waiting":
        raise client.fail("join", place["state"])


async def poll(client: Client, door: Door) -> None:
    """Somebody who waits looks again."""
    if not client.cookies:
        await join(client, door)
    await client.ask("poll", "GET", door.place)


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Joins in the same moments, then polls while they all wait."""
    people, clients, seconds = (30, 5, 0.5) if bench.quick else (5000, 500, 10.0)
    with bench_house(bench.run_folder("waiting")) as (instance, endpoints):
        door = Door(str(endpoints["services"]["gateway"]).rstrip("/"))
        event = await _filled(instance)
        with surroundings() as seen:
            joined = await measure(Load(join, door, clients, journeys=people))
            polled = await measure(Load(poll, door, min(clients, 100), seconds=seconds, warm=seconds / 5))
        bench.watched.append(seen)
        note = await _counted(instance, event, joined, polled)
    yield Figure(
        "joins of a waiting room", joined.per_second("join"), "/s", sent=joined.sent("join"), note=note
    )
    name = f"looks at one's place, {people} waiting"
    yield Figure(
        name, polled.per_second("poll"), "/s", sent=polled.sent("poll"), note="by the page's own part"
    )


async def _filled(instance: Instance) -> UUID:
    """As many choose as may, so that everybody else waits."""
    async with _database(instance, "orders") as orders:
        event = UUID(str(await orders.fetchval("SELECT event_id FROM event WHERE slug = $1", SLUG)))
    async with _database(instance, "gateway") as gateway:
        await gateway.execute(SHADOWS, event)
    return event


async def _counted(instance: Instance, event: UUID, *tallies: Tally) -> str:
    """Everybody who joined has a place of their own, without a gap."""
    joined = sum(len(tally.steps.get("join", [])) for tally in tallies)
    async with _database(instance, "gateway") as gateway:
        told: Mapping[str, Any] = await gateway.fetchrow(
            "SELECT count(*) AS places, max(place) AS last FROM waiting_ticket"
            " WHERE event_id = $1 AND place IS NOT NULL",
            event,
        )
    if told["places"] != told["last"] or told["places"] < joined:
        raise AssertionError(f"{joined} joined, {told['places']} places up to {told['last']}")
    return f"{told['places']} places, each once"


@asynccontextmanager
async def _database(instance: Instance, service: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn_as(postgres.of(instance).dsn, database_of(service)))
    try:
        yield connection
    finally:
        await connection.close()
