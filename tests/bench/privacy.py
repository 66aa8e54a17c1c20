"""What the walls cost, in one run on one machine."""

from __future__ import annotations

from collections.abc import AsyncIterator

from tests.bench.figure import Figure
from tests.bench.house import bench_house
from tests.bench.machine import surroundings
from tests.bench.part import Bench
from tests.bench.reference import pgbench


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """The figures of the privacy part."""
    with bench_house(bench.run_folder("walls")) as (instance, _):
        with surroundings() as seen:
            reference = await pgbench(instance, 1 if bench.quick else 10)
        bench.watched.append(seen)
        yield Figure("reference.pgbench", reference.value, "tps", note=reference.name)
