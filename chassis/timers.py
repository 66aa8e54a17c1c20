"""Work that comes back: each timer runs, rests, and runs again, whatever happened the last time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from chassis.context import Trail, on_trail
from chassis.faults import DatabaseAway
from chassis.log import get_logger
from chassis.metrics import Metrics
from chassis.waiting import first_of


@dataclass(frozen=True, slots=True)
class Timer:
    """A job by name, how long it rests between two runs, and what it does."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[None]]


async def keep_running(timer: Timer, bell: asyncio.Event, stopping: asyncio.Event, metrics: Metrics) -> None:
    """Run a timer at once and then after each rest, until asked to stop; a failed run is logged by class.

    `bell` ends a rest early. What rings during a run is looked for in the next.
    """
    while not stopping.is_set():
        bell.clear()
        await _one_run(timer, metrics)
        await first_of(bell, stopping, seconds=timer.every.total_seconds())


async def _one_run(timer: Timer, metrics: Metrics) -> None:
    log = get_logger()
    with on_trail(Trail(uuid4().hex)):
        try:
            await timer.run()
        except DatabaseAway:
            log.warning("timer_waits_for_database", timer=timer.name)
            metrics.timer_ran(timer.name, "away")
        except Exception as error:
            log.error("timer_failed", timer=timer.name, exc_info=error)
            metrics.timer_ran(timer.name, "failed")
        else:
            metrics.timer_ran(timer.name, "done")
