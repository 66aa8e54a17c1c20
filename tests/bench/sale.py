"""The on-sale: how fast places are held, paid, shown and let in, in one run on one machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psutil

from deploy.local import records
from deploy.local.environment import SERVICES
from deploy.local.instance import Instance
from tests.bench.figure import Figure, Goal, Reference
from tests.bench.house import bench_house
from tests.bench.load import Journey, Load, Tally, measure
from tests.bench.machine import cpu_by_program, surroundings
from tests.bench.part import Bench
from tests.bench.reference import pgbench
from tests.bench.sale_stage import (
    add_tickets,
    broken_laws,
    codes,
    database,
    put_on,
    statements,
    steward,
    visitors,
)
from tests.bench.sale_visits import DOORS, Show, attempt, buy, go_in, hold_at_gateway, hold_at_orders, look
from tests.bench.walls import quiet

PEER = "pretix 2026.8, like machine"
NOT_OURS = frozenset(("mollie", "inbox", "receiver", "house"))
MIB = 2**20


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    seconds: float
    crowd: int
    buyers: int
    attempts: int
    quota: int
    tickets: int
    scanned: int
    pgbench: int


QUICK = Plan(1.0, 10, 4, 20, 5, 500, 200, 1)
WHOLE = Plan(10.0, 500, 64, 2000, 500, 1_000_000, 40_000, 10)


@dataclass(frozen=True)
class Field:
    """The house that is measured."""

    instance: Instance
    endpoints: Mapping[str, Any]
    plan: Plan
    bench: Bench

    async def run(self, journey: Journey, show: Show, clients: int, **how: Any) -> Tally:
        """One load, watched; afterwards the house is let come to rest."""
        warm = {} if "journeys" in how else {"seconds": self.plan.seconds, "warm": self.plan.seconds / 5}
        with surroundings() as seen:
            tally = await measure(Load(journey, show, clients, **(warm | how)))
        self.bench.watched.append(seen)
        await quiet(self.instance)
        return tally


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """All figures of the sale, and at the end whether its laws hold in the database."""
    plan = QUICK if bench.quick else WHOLE
    with bench_house(bench.run_folder("sale")) as (instance, endpoints):
        field = Field(instance, endpoints, plan, bench)
        await quiet(instance)
        yield _idle(instance)
        reference = await pgbench(instance, plan.pgbench)
        show = await put_on(instance, endpoints, 100_000_000)
        first: dict[str, float] = {}
        async for figure in _speeds(field, show, reference):
            first[figure.name] = figure.value
            yield figure
        yield await _five_hundred(field)
        yield await _mail(field, show, first["sale.paid"])
        await add_tickets(instance, UUID(show.event), plan.tickets)
        async for figure in _again(field, show, reference, first):
            yield figure
        broken = await broken_laws(instance)
        yield Figure("sale.laws", len(broken), "laws broken", Goal(0, at_most=True), note="; ".join(broken))


async def _speeds(field: Field, show: Show, reference: Reference) -> AsyncIterator[Figure]:
    yield await _holds_at_orders(field, show, reference)
    tally = await field.run(hold_at_gateway, show, field.plan.crowd)
    yield Figure(
        "sale.holds.gateway",
        tally.per_second("hold"),
        "holds/s",
        Goal(0.25),
        Goal(0.5),
        reference,
        tally.sent("hold"),
    )
    for figure in await _paid(field, show):
        yield figure
    tally = await field.run(look, show, field.plan.crowd // 8 or 1)
    peer = Reference(PEER, 28)
    yield Figure(
        "sale.page", tally.per_second("page"), "pages/s", Goal(50), Goal(100), peer, tally.sent("page")
    )
    yield await _door(field, show)


async def _holds_at_orders(field: Field, show: Show, reference: Reference) -> Figure:
    known = replace(show, tokens=visitors(field.instance, field.plan.crowd))
    tally = await field.run(hold_at_orders, known, field.plan.crowd)
    sent = tally.sent("hold")
    late = "" if sent.p99 < 100 else "p99 is over 100 ms: "
    note = f"{late}{field.plan.crowd} clients, two places each"
    return Figure(
        "sale.holds.orders", tally.per_second("hold"), "holds/s", Goal(1.5), Goal(2.5), reference, sent, note
    )


async def _paid(field: Field, show: Show) -> list[Figure]:
    """Whole paid orders: how many a second, and what each costs in CPU and statements."""
    before = cpu_by_program(field.instance)
    async with statements(field.instance) as counted:
        tally = await field.run(buy, show, field.plan.buyers)
        after = cpu_by_program(field.instance)
    orders = max(1, len(tally.steps.get("pay", [])))
    # While it warms up as much is bought, which costs as much.
    orders = round(orders * (1 + 1 / 5))
    spent = {name: (after[name] - before.get(name, 0.0)) / orders for name in after if name not in NOT_OURS}
    costs = tuple(f"{name} {1000 * each:.2f} ms" for name, each in sorted(spent.items(), key=lambda x: -x[1]))
    texts = sorted(counted.items(), key=lambda one: -one[1])[:25]
    each = tuple(f"{calls / orders:.2f} × {text[:100]}" for text, calls in texts)
    peer = Reference(PEER, 6.5)
    return [
        Figure(
            "sale.paid", tally.per_second(), "orders/s", Goal(12), Goal(25), peer, tally.sent(), profile=costs
        ),
        _cpu("sale.paid.cpu", sum(spent.values()) - spent.get("notify", 0.0), (0.020, 0.012), costs),
        _cpu("sale.paid.cpu.with_mail", sum(spent.values()), (0.030, 0.020), costs),
        Figure(
            "sale.paid.statements",
            sum(counted.values()) / orders,
            "statements per order",
            Goal(15, at_most=True),
            Goal(10, at_most=True),
            note="BEGIN and COMMIT left out, relay and timers included",
            profile=each,
        ),
    ]


def _cpu(name: str, seconds: float, goals: tuple[float, float], profile: tuple[str, ...]) -> Figure:
    goal, stretch = (Goal(bound, at_most=True) for bound in goals)
    note = "simulator, inbox and load left out, database and broker included, until the house rests"
    return Figure(name, seconds, "CPU-seconds per order", goal, stretch, note=note, profile=profile)


async def _five_hundred(field: Field) -> Figure:
    plan = field.plan
    show = await put_on(field.instance, field.endpoints, plan.quota, places=1)
    tally = await field.run(attempt, show, min(plan.attempts, 200), journeys=plan.attempts)
    async with database(field.instance) as sql:
        placed = await sql.fetchval("SELECT count(*) FROM placed_order WHERE event_id = $1", UUID(show.event))
    if placed != plan.quota:
        raise RuntimeError(f"{placed} orders of a quota of {plan.quota}")
    goals = Goal(2, at_most=True), Goal(1, at_most=True)
    note = (
        f"{plan.quota} placed, unpaid, of {plan.attempts} attempts through the gateway; the peer takes 74 s"
    )
    return Figure("sale.quota", tally.seconds, "s", *goals, sent=tally.sent(), note=note)


async def _door(field: Field, show: Show) -> Figure:
    await add_tickets(field.instance, UUID(show.event), field.plan.scanned)
    known = replace(
        show,
        codes=await codes(field.instance, UUID(show.event), field.plan.scanned),
        steward=await steward(field.endpoints),
    )
    tally = await field.run(go_in, known, DOORS)
    peer = Reference(PEER, 24)
    return Figure(
        "sale.door", tally.per_second("scan"), "admissions/s", Goal(40), Goal(60), peer, tally.sent("scan")
    )


async def _mail(field: Field, show: Show, rate: float) -> Figure:
    """From the commit of a paid order to its mail in SMTP, at half of the rate that was measured."""
    async with database(field.instance, "notify") as sql:
        began = await sql.fetchval("SELECT now()")
    await field.run(buy, show, field.plan.buyers, rate=max(1.0, rate / 2), warm=0.0)
    async with database(field.instance) as sql:
        paid = dict(await sql.fetch("SELECT order_id, paid_at FROM placed_order WHERE paid_at > $1", began))
    async with database(field.instance, "notify") as sql:
        sent = dict(await sql.fetch("SELECT order_id, sent_at FROM message WHERE created_at > $1", began))
    late = sorted((sent[order] - at).total_seconds() for order, at in paid.items() if sent.get(order))
    unsent = len(paid) - len(late)
    slowest = float("inf") if unsent or not late else late[int(0.99 * len(late))]
    goals = Goal(2, at_most=True), Goal(1, at_most=True)
    note = (
        f"p99 of {len(late)} mails with their PDF, {unsent} not sent; p50 {late[len(late) // 2]:.2f} s"
        if late
        else ""
    )
    return Figure("sale.mail", slowest, "s from commit to SMTP", *goals, note=note)


async def _again(
    field: Field, show: Show, reference: Reference, first: Mapping[str, float]
) -> AsyncIterator[Figure]:
    """The same speeds with many tickets already there."""
    async for figure in _speeds(field, show, reference):
        if figure.sent is not None:
            same = Reference("with few tickets", first[figure.name])
            name = f"{figure.name}.grown"
            yield replace(figure, name=name, goal=Goal(0.9), stretch=None, reference=same, note="")


def _idle(instance: Instance) -> Figure:
    """What the six services keep in memory while nobody comes, shared pages counted once."""
    living = records.living(instance.pids)
    pss = [psutil.Process(living[name]).memory_full_info().pss / MIB for name in SERVICES]
    goals = Goal(600, at_most=True), Goal(450, at_most=True)
    note = ", ".join(f"{name} {size:.0f}" for name, size in zip(SERVICES, pss, strict=True))
    return Figure("sale.idle", sum(pss), "MiB", *goals, note=note)
