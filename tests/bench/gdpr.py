"""GDPRbench's four mixes against the real services: completion time, correctness, space, and growth."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

import asyncpg

from chassis.clock import SystemClock
from chassis.tokens import LOGIN_ISSUER, Issuer, Proof
from deploy.local.endpoints import database_url
from deploy.local.instance import Instance
from tests.bench.figure import Figure, Goal, Reference, short
from tests.bench.gdpr_doors import DOOR_LIST, OFFICER, Place, mix, subject_of
from tests.bench.gdpr_operations import SHARES, Slice, name_given, operations, parts
from tests.bench.gdpr_records import Scale, bytes_of, load
from tests.bench.house import bench_house
from tests.bench.load import Load, Tally, measure
from tests.bench.machine import cpu_by_program, surroundings
from tests.bench.part import Bench
from tests.bench.recipient import recipient
from tests.bench.walls import quiet
from tests.bench.wire import Connection

ORDER = ("processor", "customer", "controller", "regulator")
GROWN = ("processor", "customer", "regulator")
RIGHT = Goal(100)
GROWTH = Goal(1.25, at_most=True)
"""Ten times the records may cost a quarter more: indexes are one level deeper, caches hold a smaller part."""
SETTLED_WITHIN = 300.0


@dataclass(frozen=True)
class Plan:
    """Records, operations of each mix, and how the growth is measured; clients work side by side."""

    records: int
    operations: int
    grown: int
    growth_operations: Mapping[str, int]
    rounds: int
    clients: int = 8


QUICK = Plan(5_000, 40, 10_000, dict.fromkeys(GROWN, 24), 1, clients=2)
WHOLE = Plan(100_000, 2_500, 1_000_000, {"processor": 1_200, "customer": 400, "regulator": 2_400}, 3)


@dataclass
class Stand:
    """A house with records, what was done there, and how long each round of each mix took."""

    instance: Instance
    doors: Mapping[str, str]
    scale: Scale
    done: list[Slice] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    async def carry_out(
        self, name: str, count: int, clients: int, round: int = 0, like: Scale | None = None
    ) -> Tally:
        """One mix, until its last answer has come and its last erasure is closed."""
        slices = parts(name, count, self.scale, clients, round, like)
        key = (self.instance.secrets / "accounts" / "signing.pem").read_bytes()
        closed = await self._cases() if name == "regulator" else ()
        place = Place(self.doors, key, tuple(slices), closed)
        before = sum(cpu_by_program(self.instance).values())
        if name == "controller":
            await self._expire(key)
        tally = await measure(Load(mix, place, clients, journeys=clients))
        ended = time.monotonic()
        await self._settled()
        self.seconds.setdefault(name, []).append(tally.seconds + time.monotonic() - ended)
        used = sum(cpu_by_program(self.instance).values()) - before
        self.cpu[name] = self.cpu.get(name, 0.0) + used
        self.done += slices
        return tally

    async def _cases(self) -> tuple[tuple[str, str], ...]:
        rows = await self._fetch("retention", "SELECT id, subject_id FROM case_file WHERE kind = 'erasure'")
        return tuple((str(row["id"]), str(row["subject_id"])) for row in rows)

    async def _expire(self, key: bytes) -> None:
        """Delete by expiry: one sweep finds all that is due, while the other operations go on."""
        token = Issuer(key, LOGIN_ISSUER).sign(
            OFFICER, "retention", SystemClock().now(), Proof(SystemClock().now())
        )
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        door = Connection(self.doors["retention"])
        wish = json.dumps({"as_of": datetime.now(UTC).isoformat()}).encode()
        reply = await door.send("POST", "/sweeps", headers, wish)
        door.close()
        if reply.status != 201:
            raise RuntimeError(f"the sweep was not ordered: {reply.status} {reply.body.decode()[:300]}")

    async def _settled(self) -> None:
        """Until every erasure and every sweep is closed, which takes an answer of each service."""
        still = """
            SELECT (SELECT count(*) FROM case_file WHERE closed_at IS NULL)
                 + (SELECT count(*) FROM sweep WHERE done_at IS NULL) AS n"""
        async with asyncio.timeout(SETTLED_WITHIN):
            while (await self._fetch("retention", still))[0]["n"]:  # noqa: ASYNC110 - it is in a database
                await asyncio.sleep(0.1)

    async def _fetch(self, service: str, sql: str, *arguments: Any) -> list[Any]:
        connection = await asyncpg.connect(database_url(self.instance, service, "dump"))
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    async def wrong_rows(self) -> dict[str, int]:
        """What does not stand in the databases as the operations so far demand, once all is quiet."""
        await quiet(self.instance)
        names: dict[int, str] = {}
        erased: set[int] = set()
        gone_from_list: set[int] = set()
        for part in self.done:
            for one in operations(part):
                if one.kind == "update data":
                    names[one.person] = name_given(one.person, one.turn, part.round)
                if one.kind == "delete person":
                    erased.add(one.person)
                if one.kind == "delete by purpose":
                    gone_from_list.add(one.person)
        found = {
            "names that did not arrive": await self._other_names(names),
            "persons erased who are still there": await self._left(erased),
            f"objectors in {DOOR_LIST}": await self._on_list(gone_from_list),
            "persons overdue who are still there": await self._left(self.scale.overdue)
            if any(part.mix == "controller" for part in self.done)
            else 0,
        }
        return {what: count for what, count in found.items() if count}

    async def _other_names(self, names: Mapping[int, str]) -> int:
        wanted = {subject_of(person): name for person, name in names.items()}
        rows = await self._fetch(
            "orders",
            "SELECT subject_id, name FROM order_person WHERE subject_id = ANY ($1)",
            list(wanted),
        )
        return sum(row["name"] != wanted[row["subject_id"]] for row in rows)

    async def _left(self, persons: Iterable[int]) -> int:
        """Rows about these persons in tables that name somebody."""
        subjects, left = [subject_of(person) for person in persons], 0
        tables = {"orders": "order_person", "accounts": "person", "notify": "contact", "sharing": "attendee"}
        for service, table in tables.items():
            count = f"SELECT count(*) AS n FROM {table} WHERE subject_id = ANY ($1)"
            left += (await self._fetch(service, count, subjects))[0]["n"]
        return left

    async def _on_list(self, persons: Iterable[int]) -> int:
        count = "SELECT count(*) AS n FROM attendee_door WHERE subject_id = ANY ($1)"
        subjects = [subject_of(person) for person in persons]
        return int((await self._fetch("sharing", count, subjects))[0]["n"])


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """The four mixes at one size, then the same at ten times that size, in turns."""
    plan = QUICK if bench.quick else WHOLE
    with ExitStack() as houses:
        small = await _stand(bench, houses, "small", plan.records)
        yield await _space(small)
        async with recipient(small.instance):
            with surroundings() as seen:
                for name in ORDER:
                    yield await _completion(small, name, plan)
            bench.watched.append(seen)
            yield await _standing(small)
        large = await _stand(bench, houses, "large", plan.grown)
        async with recipient(small.instance, large.instance):
            with surroundings() as seen:
                tallies = await _grow(small, large, plan)
            bench.watched.append(seen)
        for name in GROWN:
            yield _growth(name, small, large, tallies[name], plan)


async def _stand(bench: Bench, houses: ExitStack, name: str, records: int) -> Stand:
    instance, endpoints = houses.enter_context(bench_house(bench.run_folder(f"gdpr-{name}")))
    stand = Stand(instance, endpoints["services"], Scale(records))
    began = time.monotonic()
    await load(instance, stand.scale)
    bench.say(f"{records:,} records loaded in {time.monotonic() - began:.0f} s")
    return stand


async def _space(stand: Stand) -> Figure:
    whole, personal = await bytes_of(stand.instance)
    return Figure(
        "privacy.gdprbench.space-factor",
        whole / personal,
        "bytes per byte of personal data",
        note=f"{whole / 2**20:.0f} MiB of six databases with indexes, {personal / 2**20:.1f} MiB personal",
    )


async def _completion(stand: Stand, name: str, plan: Plan) -> Figure:
    tally = await stand.carry_out(name, plan.operations, plan.clients)
    shares = ", ".join(f"{kind} {share}" for kind, share in SHARES[name])
    steps = [f"{step} {tally.sent(step).p50:.3g}" for step in tally.steps]
    return Figure(
        f"privacy.gdprbench.{name}",
        stand.seconds[name][0],
        f"s for {plan.operations:,} operations",
        sent=tally.sent(*tally.steps),
        note=f"{shares}; p50 in ms: {', '.join(steps)}",
    )


async def _standing(stand: Stand) -> Figure:
    wrong = await stand.wrong_rows()
    asked = sum(1 for part in stand.done for _ in operations(part))
    return Figure(
        "privacy.gdprbench.correctness",
        100.0 * (1 - sum(wrong.values()) / asked),
        "%",
        goal=RIGHT,
        note="; ".join(f"{what}: {count}" for what, count in wrong.items()) or "every answer and every row",
    )


Sides = dict[str, tuple[Tally, Tally]]
"""By mix, what the small house was sent, and the large one."""


async def _grow(small: Stand, large: Stand, plan: Plan) -> Sides:
    """The same number of operations at both, in turns."""
    for stand in (small, large):
        stand.seconds.clear()
        stand.cpu.clear()
    told: Sides = {name: (Tally(), Tally()) for name in GROWN}
    for turn in range(1, plan.rounds + 1):
        for name in GROWN:
            for stand in (small, large) if turn % 2 else (large, small):
                count = plan.growth_operations[name]
                tally = await stand.carry_out(name, count, plan.clients, turn, small.scale)
                await quiet(stand.instance)
                known = told[name][stand is large]
                known.add(tally)
                known.seconds += tally.seconds
    return told


def _growth(name: str, small: Stand, large: Stand, sides: tuple[Tally, Tally], plan: Plan) -> Figure:
    pairs = [many / few for many, few in zip(large.seconds[name], small.seconds[name], strict=True)]
    few, many = sides
    count = plan.growth_operations[name]
    per_operation = [1000 * stand.cpu[name] / (count * plan.rounds) for stand in (large, small)]
    return Figure(
        f"privacy.gdprbench.growth.{name}",
        median(large.seconds[name]),
        f"s for {count:,} operations on {plan.grown:,} records",
        goal=GROWTH,
        reference=Reference(f"on {plan.records:,}", median(small.seconds[name])),
        sent=many.sent(*many.steps),
        note=f"pair by pair {' '.join(short(pair) for pair in pairs)}; CPU of the house per operation "
        f"{short(per_operation[0])} ms, on {plan.records:,} {short(per_operation[1])} ms",
        profile=tuple(
            f"{step}: p50 {short(many.sent(step).p50)} ms, on {plan.records:,} {short(few.sent(step).p50)} ms"
            for step in sorted(many.steps)
        ),
    )
