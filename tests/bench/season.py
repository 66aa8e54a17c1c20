"""Eight years of orders: what a page takes beside a small season, and how long a sweep."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from chassis.clock import SystemClock
from chassis.tokens import Issuer, Proof
from contracts.actors import Actor, Role
from deploy.local.instance import Instance
from tests.bench.figure import Figure, Goal, Reference
from tests.bench.house import bench_house
from tests.bench.load import Load, Tally, measure
from tests.bench.machine import surroundings
from tests.bench.part import Bench
from tests.bench.sale_visits import JSON
from tests.bench.season_pages import Page, look, pages_of
from tests.bench.wire import Connection

LOOKS, ANEW = 120, 15
SLOWER = 1.5
"""A page of a large season may take so many times what it takes on a small one."""
LISTED_MS = 100.0
"""What lists fifteen times as many events has a goal of its own."""
LISTS = ("season page, drawn anew", "calendar, written anew", "planner")
SWEPT_WITHIN = 600.0
EIGHT_YEARS = {"SEASON": "large"}


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Each page on a small season and on a large one, then a sweep of the large one."""
    small_folder, large_folder = bench.run_folder("season-small"), bench.run_folder("season-large")
    with bench_house(small_folder) as small, bench_house(large_folder, environment=EIGHT_YEARS) as large:
        pairs = zip(await pages_of(*small), await pages_of(*large), strict=True)
        with surroundings() as seen:
            measured = [
                (page.name, await _looked(bench, before), await _looked(bench, page))
                for before, page in pairs
            ]
        bench.watched.append(seen)
        for name, few, many in measured:
            yield _figure(name, few, many)
        yield await _swept(bench, *large)


async def _looked(bench: Bench, page: Page) -> Tally:
    """One person who looks at a page again and again, the first few times uncounted."""
    count = 3 if bench.quick else ANEW if page.rests else LOOKS
    await measure(Load(look, page, 1, journeys=3))
    return await measure(Load(look, page, 1, journeys=count))


def _figure(name: str, few: Tally, many: Tally) -> Figure:
    sent, before = many.sent("look"), few.sent("look")
    both = replace(sent, failed={**sent.failed, **before.failed})
    lists = name in LISTS
    return Figure(
        f"season, {name}",
        sent.p50,
        "ms",
        Goal(LISTED_MS if lists else SLOWER, at_most=True),
        reference=None if lists else Reference("a small season", before.p50),
        sent=both,
        note=f"small season: p50 {before.p50:.1f} ms, p99 {before.p99:.1f} ms",
    )


@dataclass(frozen=True)
class Officer:
    """Who orders a sweep, at retention's own door."""

    door: Connection
    issuer: Issuer
    actor: Actor

    async def ask(self, method: str, path: str, body: bytes | None = None) -> Any:
        """An answer; whoever asks proved just now who they are."""
        now = SystemClock().now()
        token = self.issuer.sign(self.actor, "retention", now, Proof(now, ("pwd", "otp")))
        reply = await self.door.send(method, path, {**JSON, "Authorization": f"Bearer {token}"}, body)
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path} answered {reply.status}")
        return reply.json()


async def _swept(bench: Bench, instance: Instance, endpoints: Mapping[str, Any]) -> Figure:
    """A sweep as of now, until every service answered about everybody."""
    key = (instance.secrets / "accounts" / "signing.pem").read_bytes()
    actor, door = Actor(Role.PRIVACY_OFFICER, uuid4()), Connection(endpoints["services"]["retention"])
    officer, began = Officer(door, Issuer(key, "accounts"), actor), time.perf_counter()
    with surroundings() as seen:
        as_of = json.dumps({"as_of": SystemClock().now().isoformat()}).encode()
        sweep = await officer.ask("POST", "/sweeps", as_of)
        async with asyncio.timeout(SWEPT_WITHIN):
            while not sweep["done"]:
                await asyncio.sleep(0.2)
                sweep = await officer.ask("GET", f"/sweeps/{sweep['id']}")
    bench.watched.append(seen)
    door.close()
    quiet, told = sweep["without_activity"], len(sweep["receipts"])
    note = f"{sweep['anonymised']} of {quiet} anonymised, {told} receipts"
    return Figure("season, a sweep", time.perf_counter() - began, "s", note=note)
