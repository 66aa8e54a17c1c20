"""People: log-ins against what argon2 allows, a million accounts against ten thousand, choices obeyed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from statistics import median

from argon2 import PasswordHasher

from deploy.local.instance import Instance
from services.accounts.passwords import MEMORY_KIB, PARALLELISM, THREADS, TIME_COST, hash_password
from tests.bench import choosing
from tests.bench.accounts_loaded import PASSWORD, Doors, load, log_in, search
from tests.bench.figure import Figure, Goal, Reference
from tests.bench.house import bench_house
from tests.bench.load import Journey, Load, Tally, measure
from tests.bench.machine import cpu_by_program, surroundings
from tests.bench.part import Bench
from tests.bench.season_pages import staff_cookies
from tests.bench.walls import quiet

OF_ARGON2 = 0.8
"""The share of what argon2 allows that log-ins through the gateway should reach."""
SLOWER = 1.1
"""How much longer something may take with a hundred times as many accounts."""


@dataclass(frozen=True)
class Plan:
    """How much of everything: accounts, seconds of a crowd, looks of one person, and rounds in turns."""

    few: int
    many: int
    seconds: float
    looks: int
    rounds: int


QUICK = Plan(few=200, many=2_000, seconds=1.0, looks=4, rounds=1)
WHOLE = Plan(few=10_000, many=1_000_000, seconds=10.0, looks=60, rounds=5)
CROWD = 16


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """Log-ins and searches, then choices."""
    plan = QUICK if bench.quick else WHOLE
    if bench.wants("people."):
        async for one in _accounts(bench, plan):
            yield one
    if bench.wants("choices."):
        async for one in choosing.figures(bench):
            yield one


async def _accounts(bench: Bench, plan: Plan) -> AsyncIterator[Figure]:
    with ExitStack() as houses:
        instance, few = await _side(bench, houses, "few", plan.few)
        if bench.wants("people.log_ins"):
            with surroundings() as seen:
                for one in await _log_ins(instance, few, plan):
                    yield one
            bench.watched.append(seen)
        if not bench.wants("people.log_in,", "people.search"):
            return
        _, many = await _side(bench, houses, "many", plan.many)
        with surroundings() as seen:
            for name, journey in (("log in", log_in), ("search", search)):
                yield _grown(name, plan, *await _in_turns([few, many], journey, plan))
        bench.watched.append(seen)


async def _side(bench: Bench, houses: ExitStack, name: str, accounts: int) -> tuple[Instance, Doors]:
    """A house with so many accounts, at rest."""
    instance, endpoints = houses.enter_context(bench_house(bench.run_folder(f"people-{name}")))
    await load(instance, accounts)
    await quiet(instance)
    gateway = str(endpoints["services"]["gateway"]).rstrip("/")
    return instance, Doors(gateway, accounts, await staff_cookies(endpoints, "box_office"))


async def _log_ins(instance: Instance, doors: Doors, plan: Plan) -> tuple[Figure, Figure]:
    """A crowd logs in, in turns with bare verifications on the same cores: by the clock, and by CPU.

    What else runs on the machine takes from both, and the CPU of one log-in tells it least.
    """
    limits, crowd, before = [], Tally(), cpu_by_program(instance)
    for turn in range(plan.rounds):
        limits.append(await asyncio.to_thread(verified, plan.seconds))
        there = replace(doors, first=doors.accounts // 2 + turn * 700)
        told = await measure(Load(log_in, there, CROWD, seconds=plan.seconds, warm=plan.seconds / 5))
        crowd.add(told)
        crowd.seconds += told.seconds
    await quiet(instance)
    rate, alone = (median(one) for one in zip(*limits, strict=True))
    used = {name: cpu - before.get(name, 0.0) for name, cpu in cpu_by_program(instance).items()}
    profile = tuple(_per_log_in(used, crowd))
    by_clock = Figure(
        "people.log_ins",
        crowd.per_second(),
        "1/s",
        Goal(OF_ARGON2),
        reference=Reference("argon2 alone", rate),
        sent=crowd.sent("log in"),
        note=f"{CROWD} at once; {THREADS} threads verify, in both",
        profile=profile,
    )
    by_cpu = Figure(
        "people.log_ins, CPU of one",
        1000 * sum(used.values()) / max(1, crowd.finished),
        "ms",
        Goal(1 / OF_ARGON2, at_most=True),
        reference=Reference("argon2 alone", 1000 * alone),
        note="all programs of the house, until it rests",
        profile=profile,
    )
    return by_clock, by_cpu


def _per_log_in(used: Mapping[str, float], crowd: Tally) -> Iterator[str]:
    """CPU by program for each log-in, until the house rests; the dearest first."""
    for name, cpu in sorted(used.items(), key=lambda one: -one[1]):
        spent = 1000 * cpu / max(1, crowd.finished)
        if spent >= 0.1:
            yield f"{spent:5.1f} ms of CPU per log-in: {name}"
    yield f"{1000 * crowd.generator_cpu / max(1, crowd.finished):5.1f} ms of CPU per log-in: the load itself"


def verified(seconds: float) -> tuple[float, float]:
    """Verifications per second, in as many threads as accounts uses, and the CPU of each in seconds."""
    hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM)
    stored, until = hash_password(PASSWORD), time.monotonic() + seconds

    def verify() -> int:
        done = 0
        while time.monotonic() < until:
            done += hasher.verify(stored, PASSWORD)
        return done

    with ThreadPoolExecutor(THREADS) as threads:
        began, before = time.monotonic(), time.process_time()
        total = sum(one.result() for one in [threads.submit(verify) for _ in range(THREADS)])
    return total / (time.monotonic() - began), (time.process_time() - before) / total


async def _in_turns(sides: list[Doors], journey: Journey, plan: Plan) -> list[Tally]:
    """One person after the other, on the one house and on the other, the first few uncounted."""
    told = [Tally(), Tally()]
    for turn in range(plan.rounds):
        for at in (0, 1) if turn % 2 == 0 else (1, 0):
            doors = replace(sides[at], first=turn * 2 * plan.looks)
            await measure(Load(journey, replace(doors, first=doors.first + plan.looks), 1, journeys=3))
            found = await measure(Load(journey, doors, 1, journeys=plan.looks))
            told[at].add(found)
            told[at].seconds += found.seconds
    return told


def _grown(name: str, plan: Plan, few: Tally, many: Tally) -> Figure:
    sent, before = many.sent(name), few.sent(name)
    both = replace(sent, failed={**before.failed, **sent.failed})
    return Figure(
        f"people.{name.replace(' ', '_')}, {plan.many:,} accounts",
        sent.p50,
        "ms",
        Goal(SLOWER, at_most=True),
        reference=Reference(f"{plan.few:,} accounts", before.p50),
        sent=both,
        note=f"p50 of one after the other, {plan.rounds} rounds in turns; p99 with few {before.p99:.1f} ms",
    )
