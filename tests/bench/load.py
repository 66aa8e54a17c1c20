"""The load: clients in processes of their own, each on kept connections, every request timed and judged.

A closed load begins a client's next journey when its last one ended. An open load (`rate`) begins journeys by
the clock, and counts from the moment that was planned, so that a house that stalls cannot hide the queue.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from multiprocessing.connection import Connection as Pipe
from typing import Any
from urllib.parse import urlsplit

import uvloop

from tests.bench.figure import Sent
from tests.bench.wire import Broken, Connection, Reply

PATIENCE = 30.0
"""Seconds after which an answer counts as failed."""
REST = 0.1
"""Seconds that a client waits after a failure, as a person would, instead of hammering."""
GOOD = frozenset({200, 201, 202, 204, 302, 303})


class Failed(Exception):
    """An answer that was not a good one. It is counted already; the journey ends here."""


@dataclass
class Tally:
    """What was sent: seconds of each request by step, failures, and whole journeys with their seconds.

    `finished` counts journeys outside of the measured time, too: what the house has worked for.
    """

    steps: dict[str, list[float]] = field(default_factory=dict)
    failed: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    journeys: list[float] = field(default_factory=list)
    finished: int = 0
    seconds: float = 0.0
    generator_cpu: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in what another process sent meanwhile."""
        for step, seconds in other.steps.items():
            self.steps.setdefault(step, []).extend(seconds)
        self.failed += other.failed
        self.noted += other.noted
        self.journeys += other.journeys
        self.finished += other.finished
        self.generator_cpu += other.generator_cpu

    def sent(self, *steps: str) -> Sent:
        """The summary of these steps, or of whole journeys where none is named."""
        chosen = [one for step in steps for one in self.steps.get(step, [])] if steps else self.journeys
        count = sum(map(len, self.steps.values())) if not steps else len(chosen)
        mine = {what: n for what, n in self.failed.items() if not steps or what.split(":")[0] in steps}
        return Sent(
            count + sum(mine.values()),
            mine,
            percentile(chosen, 0.50) * 1000,
            percentile(chosen, 0.99) * 1000,
            self.seconds,
            self.generator_cpu,
        )

    def per_second(self, step: str | None = None) -> float:
        """Good answers of one step, or whole journeys, per second."""
        done = self.journeys if step is None else self.steps.get(step, [])
        return len(done) / self.seconds if self.seconds else 0.0


class Client:
    """One person or till: connections and cookies of its own, and `memory` for what a journey keeps.

    `turn` counts its journeys from 0, `nth` those of all clients of its process; `number` tells it from all
    other clients of the load.
    """

    def __init__(self, number: int, tally: Tally, counts: Callable[[], bool]) -> None:
        self.number = number
        self.turn = -1
        self.nth = -1
        self.memory: dict[str, Any] = {}
        self.cookies: dict[str, str] = {}
        self._tally = tally
        self._counts = counts
        self._connections: dict[str, Connection] = {}

    async def ask(
        self,
        step: str,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        good: frozenset[int] = GOOD,
    ) -> Reply:
        """One timed request. Any status that is not good, a broken connection and silence raise Failed."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._send(method, url, headers or {}, body)
        except (Broken, TimeoutError) as fault:
            raise self._failed(step, type(fault).__name__) from fault
        if reply.status not in good:
            raise self._failed(step, str(reply.status))
        if self._counts():
            self._tally.steps.setdefault(step, []).append(time.perf_counter() - began)
        return reply

    def note(self, what: str) -> None:
        """Count something that happened and is no failure."""
        self._tally.noted[what] += 1

    def fail(self, step: str, why: str) -> Failed:
        """Count an answer that came, and said the wrong thing: `raise client.fail(...)`."""
        return self._failed(step, why)

    def close(self) -> None:
        """Let all connections go."""
        for connection in self._connections.values():
            connection.close()

    def _failed(self, step: str, why: str) -> Failed:
        # Failures count whenever they happen: while warming up and after the end too.
        self._tally.failed[f"{step}: {why}"] += 1
        return Failed(f"{step}: {why}")

    async def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        origin, target = _split(url)
        connection = self._connections.get(origin)
        if connection is None:
            connection = self._connections[origin] = Connection(f"http://{origin}")
        if self.cookies:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {**headers, "Cookie": cookies}
        reply = await connection.send(method, target, headers, body)
        for cookie in reply.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply


@lru_cache(maxsize=4096)
def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, f"{parts.path}?{parts.query}" if parts.query else parts.path


Journey = Callable[[Client, Any], Awaitable[None]]


@dataclass(frozen=True)
class Load:
    """What to send. `journey` is a coroutine function of a module, `facts` what it is told; both are pickled.

    It ends after `seconds`, or after `journeys` in all, whichever is given; in the first `warm` seconds only
    failures count. Without `rate` the load is closed.
    """

    journey: Journey
    facts: Any
    clients: int
    seconds: float | None = None
    journeys: int | None = None
    rate: float | None = None
    warm: float = 0.0
    processes: int = 1


async def measure(load: Load) -> Tally:
    """Send the load from its own processes and gather what they saw."""
    return await asyncio.to_thread(_in_processes, load)


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all values does not exceed; 0 where there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _in_processes(load: Load) -> Tally:
    context = multiprocessing.get_context("spawn")
    started = []
    for index in range(load.processes):
        ours, theirs = context.Pipe()
        process = context.Process(target=_process, args=(theirs, _share(load, index), index), daemon=True)
        process.start()
        started.append((process, ours))
    for _, pipe in started:
        pipe.recv()
    begin = time.monotonic() + 0.05
    for _, pipe in started:
        pipe.send(begin)
    total = Tally()
    for process, pipe in started:
        part: Tally = pipe.recv()
        total.add(part)
        total.seconds = max(total.seconds, part.seconds)
        process.join()
    return total


def _share(load: Load, index: int) -> Load:
    def part(whole: int) -> int:
        return whole // load.processes + (index < whole % load.processes)

    return replace(
        load,
        clients=part(load.clients),
        journeys=None if load.journeys is None else part(load.journeys),
        rate=None if load.rate is None else load.rate / load.processes,
    )


def _process(pipe: Pipe, load: Load, index: int) -> None:
    pipe.send("ready")
    begin: float = pipe.recv()
    time.sleep(max(0.0, begin - time.monotonic()))
    cpu = time.process_time()
    tally = uvloop.run(_drive(load, index))
    tally.generator_cpu = time.process_time() - cpu
    pipe.send(tally)


async def _drive(load: Load, index: int) -> Tally:
    tally, began = Tally(), time.perf_counter()
    ends = None if load.seconds is None else began + load.warm + load.seconds

    def counts() -> bool:
        now = time.perf_counter()
        return now >= began + load.warm and (ends is None or now <= ends)

    clients = [Client(index * 1_000_000 + n, tally, counts) for n in range(load.clients)]
    turns = _Turns(load, began, ends)
    await asyncio.gather(*(_travel(client, load, turns, tally, counts) for client in clients))
    tally.seconds = load.seconds or time.perf_counter() - began - load.warm
    for client in clients:
        client.close()
    return tally


class _Turns:
    """When the next journey begins: at once, or by the clock."""

    def __init__(self, load: Load, began: float, ends: float | None) -> None:
        self._load = load
        self._began = began
        self._ends = ends
        self.given = 0

    async def next(self) -> float | None:
        """The moment from which the next journey counts, or None when there is none."""
        if self._load.journeys is not None and self.given >= self._load.journeys:
            return None
        self.given += 1
        now = time.perf_counter()
        if self._load.rate is None:
            return now if self._ends is None or now < self._ends else None
        planned = self._began + (self.given - 1) / self._load.rate
        if self._ends is not None and planned >= self._ends:
            return None
        await asyncio.sleep(max(0.0, planned - now))
        return planned


async def _travel(
    client: Client, load: Load, turns: _Turns, tally: Tally, counts: Callable[[], bool]
) -> None:
    while (began := await turns.next()) is not None:
        client.turn += 1
        client.nth = turns.given - 1
        try:
            await load.journey(client, load.facts)
        except Failed:
            await asyncio.sleep(REST)
            continue
        tally.finished += 1
        if counts():
            tally.journeys.append(time.perf_counter() - began)
