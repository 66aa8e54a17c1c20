"""The house whose sale is measured, how much of it, and what a missed goal is explained by."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from deploy.local.instance import Instance
from tests.bench.figure import Figure
from tests.bench.load import Journey, Load, Tally, measure
from tests.bench.machine import cpu_by_program, surroundings
from tests.bench.part import Bench
from tests.bench.profile import costs, looked_into
from tests.bench.sale_visits import Show
from tests.bench.walls import quiet


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
    rush: int
    standing: int
    seats: int


QUICK = Plan(1.0, 10, 4, 20, 5, 500, 200, 1, 10, 40, 20)
WHOLE = Plan(10.0, 500, 64, 2000, 500, 1_000_000, 40_000, 10, 200, 20_000, 2_000)


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

    async def explain(self, figure: Figure, journey: Journey, show: Show, clients: int) -> Figure:
        """The figure; where its goal is missed, with what a shorter load of that kind spends its time on."""
        if figure.holds is not False:
            return figure
        seconds, before = min(4.0, self.plan.seconds), cpu_by_program(self.instance)
        looking = asyncio.create_task(looked_into(self.instance, seconds))
        tally = await measure(Load(journey, show, clients, seconds=seconds))
        sampled, after = await looking, cpu_by_program(self.instance)
        await quiet(self.instance)
        each = {name: (after[name] - before.get(name, 0.0)) / max(1, tally.finished) for name in after}
        load = f"the load itself {1000 * tally.generator_cpu / max(1, tally.finished):.2f} ms"
        return replace(figure, profile=(*figure.profile, load, *costs(each), *sampled))
