"""The on-sale: how fast places are held, paid, shown and let in, in one run on one machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from uuid import UUID

import psutil

from deploy.local import records
from deploy.local.environment import SERVICES
from deploy.local.instance import Instance
from tests.bench.figure import Figure, Goal, Reference
from tests.bench.house import bench_house
from tests.bench.machine import cpu_by_program
from tests.bench.part import Bench
from tests.bench.profile import costs
from tests.bench.reference import pgbench
from tests.bench.sale_field import QUICK, WHOLE, Field
from tests.bench.sale_rush import five_hundred, mails, on_sale
from tests.bench.sale_stage import (
    add_tickets,
    broken_laws,
    codes,
    put_on,
    statements,
    steward,
    visitors,
)
from tests.bench.sale_visits import DOORS, Show, buy, go_in, hold_at_gateway, hold_at_orders, look
from tests.bench.walls import quiet

PEER = "pretix 2026.8, like machine"
NOT_OURS = frozenset(("mollie", "inbox", "receiver", "house"))
MIB = 2**20
GROWN = ".grown"


Stage = Callable[[Field, Show, Reference], Awaitable[list[Figure]]]


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """All figures of the sale, and at the end whether its laws hold in the database."""
    plan = QUICK if bench.quick else WHOLE
    with bench_house(bench.run_folder("sale")) as (instance, endpoints):
        field = Field(instance, endpoints, plan, bench)
        await quiet(instance)
        if bench.wants("sale.idle"):
            yield _idle(instance)
        reference = await pgbench(instance, plan.pgbench)
        show = await put_on(instance, endpoints, 100_000_000)
        first: dict[str, float] = {}
        async for figure in _speeds(field, show, reference):
            first[figure.name] = figure.value
            yield figure
        async for figure in _rushes(field, show, first):
            yield figure
        broken = []
        if not bench.only or any(one.endswith(GROWN) for one in bench.only):
            with bench_house(bench.run_folder("sale-grown")) as house:
                grown = Field(*house, plan, bench)
                async for figure in _again(field, grown, show, reference):
                    yield figure
                broken += await broken_laws(grown.instance)
        broken += await broken_laws(instance)
        yield Figure("sale.laws", len(broken), "laws broken", Goal(0, at_most=True), note="; ".join(broken))


async def _speeds(field: Field, show: Show, reference: Reference) -> AsyncIterator[Figure]:
    for name, stage in STAGES.items():
        if field.bench.wants(name):
            for figure in await stage(field, show, reference):
                yield figure


async def _holds_at_orders(field: Field, show: Show, reference: Reference) -> list[Figure]:
    crowd = field.plan.crowd
    known = replace(show, tokens=visitors(field.instance, crowd))
    tally = await field.run(hold_at_orders, known, crowd)
    sent, goals = tally.sent("hold"), (Goal(1.5), Goal(2.5))
    late = "" if sent.p99 < 100 else "p99 is over 100 ms: "
    note = f"{late}{crowd} clients, two places each"
    value = tally.per_second("hold")
    figure = Figure("sale.holds.orders", value, "holds/s", *goals, reference, sent, note)
    return [await field.explain(figure, hold_at_orders, known, crowd)]


async def _holds_at_gateway(field: Field, show: Show, reference: Reference) -> list[Figure]:
    crowd = field.plan.crowd
    tally = await field.run(hold_at_gateway, show, crowd)
    value, goals = tally.per_second("hold"), (Goal(0.25), Goal(0.5))
    figure = Figure("sale.holds.gateway", value, "holds/s", *goals, reference, tally.sent("hold"))
    return [await field.explain(figure, hold_at_gateway, show, crowd)]


async def _paid(field: Field, show: Show, _: Reference) -> list[Figure]:
    """Whole paid orders: how many a second, and what each costs in CPU and statements."""
    buyers, before = field.plan.buyers, cpu_by_program(field.instance)
    async with statements(field.instance) as counted:
        tally = await field.run(buy, show, buyers)
        after = cpu_by_program(field.instance)
    orders = max(1, tally.finished)
    spent = {name: (after[name] - before.get(name, 0.0)) / orders for name in after if name not in NOT_OURS}
    texts = sorted(counted.items(), key=lambda one: -one[1])[:25]
    each = tuple(f"{calls / orders:.2f} × {text[:100]}" for text, calls in texts)
    goals, peer = (Goal(12), Goal(25)), Reference(PEER, 6.5)
    speed = Figure("sale.paid", tally.per_second(), "orders/s", *goals, peer, tally.sent())
    return [
        await field.explain(speed, buy, show, buyers),
        _cpu("sale.paid.cpu", sum(spent.values()) - spent.get("notify", 0.0), (0.020, 0.012), costs(spent)),
        _cpu("sale.paid.cpu.with_mail", sum(spent.values()), (0.030, 0.020), costs(spent)),
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


async def _pages(field: Field, show: Show, _: Reference) -> list[Figure]:
    lookers = field.plan.crowd // 8 or 1
    tally = await field.run(look, show, lookers)
    goals, peer = (Goal(50), Goal(100)), Reference(PEER, 28)
    figure = Figure("sale.page", tally.per_second("page"), "pages/s", *goals, peer, tally.sent("page"))
    return [await field.explain(figure, look, show, lookers)]


async def _door(field: Field, show: Show, _: Reference) -> list[Figure]:
    await add_tickets(field.instance, UUID(show.event), field.plan.scanned)
    known = replace(
        show,
        codes=await codes(field.instance, UUID(show.event), field.plan.scanned),
        steward=await steward(field.endpoints),
    )
    # The last of them are for the profile, where one is taken.
    half = len(known.codes) // (2 * DOORS) * DOORS
    tally = await field.run(go_in, replace(known, codes=known.codes[:half]), DOORS)
    goals, peer = (Goal(40), Goal(60)), Reference(PEER, 24)
    value = tally.per_second("scan")
    figure = Figure("sale.door", value, "admissions/s", *goals, peer, tally.sent("scan"))
    return [await field.explain(figure, go_in, replace(known, codes=known.codes[half:]), DOORS)]


STAGES: Mapping[str, Stage] = {
    "sale.holds.orders": _holds_at_orders,
    "sale.holds.gateway": _holds_at_gateway,
    "sale.paid": _paid,
    "sale.page": _pages,
    "sale.door": _door,
}


async def _rushes(field: Field, show: Show, first: Mapping[str, float]) -> AsyncIterator[Figure]:
    bench = field.bench
    if bench.wants("sale.onsale"):
        for figure in await on_sale(field):
            yield figure
    if bench.wants("sale.quota"):
        for figure in await five_hundred(field):
            yield figure
    if bench.wants("sale.mail"):
        rate = first.get("sale.paid") or (await field.run(buy, show, field.plan.buyers)).per_second()
        yield await mails(field, show, rate)


async def _again(field: Field, grown: Field, show: Show, reference: Reference) -> AsyncIterator[Figure]:
    """The same speeds in a house with many tickets, in turns with the one without: the machine's mood
    changes within minutes, and no figure may hold or miss by that."""
    large = await put_on(grown.instance, grown.endpoints, 100_000_000)
    await add_tickets(grown.instance, UUID(large.event), grown.plan.tickets)
    for name, stage in STAGES.items():
        if field.bench.wants(f"{name}{GROWN}"):
            few = (await stage(field, show, reference))[0]
            many = (await stage(grown, large, reference))[0]
            same = Reference("with few tickets just before", few.value)
            renamed = f"{name}{GROWN}"
            yield replace(many, name=renamed, goal=Goal(0.9), stretch=None, reference=same, note="")


def _idle(instance: Instance) -> Figure:
    """What the six services keep in memory while nobody comes, shared pages counted once."""
    living = records.living(instance.pids)
    pss = [psutil.Process(living[name]).memory_full_info().pss / MIB for name in SERVICES]
    goals = Goal(600, at_most=True), Goal(450, at_most=True)
    note = ", ".join(f"{name} {size:.0f}" for name, size in zip(SERVICES, pss, strict=True))
    return Figure("sale.idle", sum(pss), "MiB", *goals, note=note)
