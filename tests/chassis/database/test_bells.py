"""A timer runs as soon as there is something to do, and a bell never rings for what was not committed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.metrics import Metrics
from chassis.timers import Timer, keep_running
from chassis.work import Workplace
from contracts.actors import Actor, Role

VISITOR = Actor(Role.VISITOR, uuid4())


async def test_a_timer_runs_after_the_commit_that_rings_for_it(work: Workplace) -> None:
    ran: asyncio.Queue[None] = asyncio.Queue()

    async def run() -> None:
        await ran.put(None)

    stopping, bell = asyncio.Event(), work.bell("courier")
    timer = Timer("courier", timedelta(hours=1), run)
    kept = asyncio.create_task(keep_running(timer, bell, stopping, Metrics("orders")))
    async with asyncio.timeout(5):
        await ran.get()
        async with work("order_guidance", VISITOR) as tx:
            tx.ring("courier")
            await asyncio.sleep(0.05)
            assert ran.empty()
        await ran.get()
        stopping.set()
        await kept
    assert ran.empty()


async def test_what_was_rolled_back_rings_for_nobody(work: Workplace) -> None:
    with pytest.raises(LookupError):
        async with work("order_guidance", VISITOR) as tx:
            tx.ring("courier")
            raise LookupError
    assert not work.bell("courier").is_set()
