"""What privacy costs, in one run on one machine."""

from __future__ import annotations

from collections.abc import AsyncIterator

from tests.bench import gdpr, walls
from tests.bench.figure import Figure
from tests.bench.part import Bench


async def figures(bench: Bench) -> AsyncIterator[Figure]:
    """The figures of the privacy part."""
    for part in (walls.figures, gdpr.figures):
        async for figure in part(bench):
            yield figure
