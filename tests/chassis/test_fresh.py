"""What is shown may be a moment old, and is read once however many look."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chassis.fresh import Fresh
from chassis.testing import SetClock

SECOND = timedelta(seconds=1)


class Source:
    """Counts how often it is read; the gate holds readings up."""

    def __init__(self) -> None:
        self.readings = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, key: str) -> str:
        self.readings += 1
        mine = self.readings
        await self.gate.wait()
        if key == "broken":
            raise LookupError(key)
        return f"{key} {mine}"


async def test_a_value_is_read_again_when_it_is_a_second_old_and_not_before() -> None:
    source, clock = Source(), SetClock(datetime(2026, 3, 1, tzinfo=UTC))
    fresh = Fresh(source.read, clock, SECOND)
    assert await fresh.get("a") == "a 1"
    clock.move(timedelta(milliseconds=999))
    assert await fresh.get("a") == "a 1"
    clock.move(timedelta(milliseconds=1))
    assert await fresh.get("a") == "a 2"


async def test_a_crowd_waits_for_one_reading_and_who_leaves_stops_nobody() -> None:
    source, clock = Source(), SetClock(datetime(2026, 3, 1, tzinfo=UTC))
    fresh = Fresh(source.read, clock, SECOND)
    source.gate.clear()
    crowd = [asyncio.create_task(fresh.get("a")) for _ in range(50)]
    await asyncio.sleep(0)
    crowd[0].cancel()
    source.gate.set()
    answers = await asyncio.gather(*crowd, return_exceptions=True)
    assert answers[1:] == ["a 1"] * 49
    assert source.readings == 1


async def test_a_reading_that_fails_is_told_and_tried_again() -> None:
    source, clock = Source(), SetClock(datetime(2026, 3, 1, tzinfo=UTC))
    fresh = Fresh(source.read, clock, SECOND)
    for _ in range(2):
        with pytest.raises(LookupError):
            await fresh.get("broken")
    assert source.readings == 2


async def test_it_holds_no_more_than_it_may() -> None:
    source, clock = Source(), SetClock(datetime(2026, 3, 1, tzinfo=UTC))
    fresh = Fresh(source.read, clock, SECOND, largest=2)
    for key in ("a", "b", "c", "a"):
        await fresh.get(key)
    assert source.readings == 4
    assert await fresh.get("c") == "c 3"


async def test_what_is_forgotten_while_it_is_read_is_read_again() -> None:
    source, clock = Source(), SetClock(datetime(2026, 3, 1, tzinfo=UTC))
    fresh = Fresh(source.read, clock, SECOND)
    source.gate.clear()
    first = asyncio.create_task(fresh.get("a"))
    await asyncio.sleep(0)
    fresh.forget("a")
    second = asyncio.create_task(fresh.get("a"))
    await asyncio.sleep(0)
    source.gate.set()
    assert (await first, await second, await fresh.get("a")) == ("a 1", "a 2", "a 2")
