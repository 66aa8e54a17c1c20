"""The same mix with walls and without, in turns: what the walls cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from deploy.local.instance import Instance
from tests.bench.figure import Figure, Goal, Reference, Sent, short
from tests.bench.house import bench_house
from tests.bench.load import Load, Tally, measure
from tests.bench.machine import cpu_by_program, surroundings
from tests.bench.part import Bench
from tests.bench.recipient import recipient
from tests.bench.visits import Town, prepared, visit

KEPT = Goal(0.90)
MORE = Goal(1.11, at_most=True)
"""The same tenth, told in CPU: what one visit takes more, all visits get less of."""
STEPS = ("hold", "place", "pay", "look up", "door list", "ask copy", "copy")
WITHOUT = "without walls"
CONTROL = ("mollie", "inbox")
QUIET_CORES = 0.25
QUIET_WITHIN = 180.0


@dataclass(frozen=True)
class Plan:
    """How much is measured: rounds of each side; a round lasts some seconds, or a number of visits."""

    rounds: int
    seconds: float | None = None
    visits: int | None = None
    warm: float = 0.0
    clients: int = 8
    rest: float = 5.0

    def load(self, town: Town) -> Load:
        """One round."""
        return Load(visit, town, self.clients, seconds=self.seconds, journeys=self.visits, warm=self.warm)


QUICK, WHOLE = Plan(1, visits=4, clients=2, rest=1.0), Plan(10, seconds=5.0, warm=0.5)
FIRST_VISITS = 80


@dataclass
class Side:
    """One house, and what was measured at it."""

    instance: Instance
    town: Town
    total: Tally = field(default_factory=Tally)
    rates: list[float] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    resting: dict[str, float] = field(default_factory=dict)

    async def rest(self, seconds: float) -> None:
        """Learn what each program uses while nobody comes, in cores: that is no visitor's share."""
        await quiet(self.instance)
        before, began = cpu_by_program(self.instance), time.monotonic()
        await asyncio.sleep(seconds)
        after, passed = cpu_by_program(self.instance), time.monotonic() - began
        self.resting = {name: (after[name] - before.get(name, 0.0)) / passed for name in after}

    async def round(self, plan: Plan) -> None:
        """One round of the mix, and the work that it leaves behind: mails, messages, deliveries."""
        before, began = cpu_by_program(self.instance), time.monotonic()
        tally = await measure(plan.load(self.town))
        await quiet(self.instance)
        after, passed = cpu_by_program(self.instance), time.monotonic() - began
        for name, seconds in after.items():
            used = seconds - before.get(name, 0.0) - self.resting.get(name, 0.0) * passed
            self.cpu[name] = self.cpu.get(name, 0.0) + used
        self.total.add(tally)
        self.total.seconds += tally.seconds
        self.rates.append(tally.per_second())


async def quiet(instance: Instance) -> None:
    """Wait until a house has nothing left to do: one side's mails must not cost the other side's time."""
    async with asyncio.timeout(QUIET_WITHIN):
        while True:
            before = sum(cpu_by_program(instance).values())
            await asyncio.sleep(0.5)
            if (sum(cpu_by_program(instance).values()) - before) / 0.5 < QUIET_CORES:
                return


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Throughput kept, latencies by step, CPU of a visit: walls against none."""
    plan = QUICK if bench.quick else WHOLE
    with ExitStack() as houses:
        walled = await _side(bench, houses, "walled", "")
        bare = await _side(bench, houses, "bare", "tests.bench.unwalled")
        async with recipient(walled.instance, bare.instance):
            with surroundings() as seen:
                await take_turns(walled, bare, plan)
            bench.watched.append(seen)
    for figure in compared(walled, bare):
        yield figure


async def take_turns(walled: Side, bare: Side, plan: Plan) -> None:
    """A B, B A, A B: whatever grows or slows down with time does so for both; first visits do not count."""
    for side in (walled, bare):
        await measure(Load(visit, side.town, plan.clients, journeys=FIRST_VISITS))
        await side.rest(plan.rest)
    for number in range(plan.rounds):
        for side in (walled, bare) if number % 2 == 0 else (bare, walled):
            await side.round(plan)


def compared(walled: Side, bare: Side) -> list[Figure]:
    """The figures of two sides that took their turns."""
    steps = [_step(walled, bare, step) for step in STEPS]
    return [_throughput(walled, bare), _cpu(walled, bare), *steps]


async def _side(bench: Bench, houses: ExitStack, name: str, module: str) -> Side:
    instance, endpoints = houses.enter_context(bench_house(bench.run_folder(name), module))
    town = await prepared(instance, endpoints)
    await quiet(instance)
    return Side(instance, town)


def _throughput(walled: Side, bare: Side) -> Figure:
    pairs = [one / other for one, other in zip(walled.rates, bare.rates, strict=True) if other]
    return Figure(
        "privacy.walls.visits",
        walled.total.per_second(),
        "visits/s",
        goal=KEPT,
        reference=Reference(WITHOUT, bare.total.per_second()),
        sent=_both(walled.total.sent(), bare.total.sent()),
        note=f"pair by pair {' '.join(short(pair) for pair in pairs)}, median {short(median(pairs))}; "
        f"{walled.total.noted['waited']} waited for their turn, {WITHOUT} {bare.total.noted['waited']}",
        profile=tuple(_costs(walled, bare)),
    )


def _both(walled: Sent, bare: Sent) -> Sent:
    """The walled side's times, with the failures of both: a comparison with failures is none."""
    failed: Mapping[str, Any] = {**walled.failed, **{f"{WITHOUT}, {k}": n for k, n in bare.failed.items()}}
    return Sent(walled.requests, failed, walled.p50, walled.p99, walled.seconds, walled.generator_cpu)


def _cpu(walled: Side, bare: Side) -> Figure:
    return Figure(
        "privacy.walls.cpu",
        _each(walled, sum(walled.cpu.values())) * 1000,
        "ms CPU per visit",
        goal=MORE,
        reference=Reference(WITHOUT, _each(bare, sum(bare.cpu.values())) * 1000),
        sent=_both(walled.total.sent(), bare.total.sent()),
        note="the whole house with simulator and inbox, until all is done, beyond what it uses at rest: "
        f"{short(sum(walled.resting.values()))} cores, {WITHOUT} {short(sum(bare.resting.values()))}; "
        f"looks until the tickets are there {_looks(walled)}, {WITHOUT} {_looks(bare)}; "
        f"{_control(walled, bare)}",
        profile=tuple(_costs(walled, bare)),
    )


def _looks(side: Side) -> str:
    return short(len(side.total.steps.get("look up", [])) / max(1, len(side.total.steps.get("place", []))))


def _control(walled: Side, bare: Side) -> str:
    """What has no walls and does the same for both: as far as it differs, the machine did."""
    own, other = (sum(_each(side, side.cpu[name]) for name in CONTROL) for side in (walled, bare))
    return f"simulator and inbox, which have no walls, {short(own / other) if other else '?'} ×"


def _costs(walled: Side, bare: Side) -> list[str]:
    """Where the CPU of a visit goes, program by program, dearest difference first."""
    lines = []
    for name in walled.cpu:
        own, other = (_each(side, side.cpu[name]) * 1000 for side in (walled, bare))
        lines.append((other - own, f"{name}: {own:.2f} ms CPU per visit, {WITHOUT} {other:.2f}"))
    return [line for _, line in sorted(lines)]


def _each(side: Side, amount: float) -> float:
    return amount / max(1, side.total.finished)


def _step(walled: Side, bare: Side, step: str) -> Figure:
    own, other = walled.total.sent(step), bare.total.sent(step)
    return Figure(
        f"privacy.walls.{step.replace(' ', '-')}",
        own.p50,
        "ms",
        reference=Reference(WITHOUT, other.p50),
        sent=own,
        note=f"p99 {WITHOUT} {short(other.p99)} ms",
    )
