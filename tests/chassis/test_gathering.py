"""Letters that arrive at about the same time are taken together, and each has its own fate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.gathering import Gathering
from chassis.heard import Heard, Subscription
from chassis.testing import heard
from contracts.orders.events import OrderPlacedV1

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Ear:
    """Notes what it takes; a letter about a bad order cannot be taken."""

    def __init__(self) -> None:
        self.alone: list[UUID] = []
        self.together: list[list[UUID]] = []
        self.bad: set[UUID] = set()

    async def one(self, letter: Heard[Any]) -> None:
        if letter.event.order in self.bad:
            raise KeyError
        self.alone.append(letter.event.order)

    async def several(self, letters: Sequence[Heard[Any]]) -> None:
        orders = [letter.event.order for letter in letters]
        if self.bad & set(orders):
            raise KeyError
        self.together.append(orders)


def letters(count: int) -> list[Heard[OrderPlacedV1]]:
    return [heard(OrderPlacedV1(subject=uuid4(), order=uuid4()), NOW) for _ in range(count)]


async def listening() -> tuple[Ear, Gathering]:
    """An ear that took a letter a moment ago."""
    ear = Ear()
    gathering = Gathering(Subscription(OrderPlacedV1, "storage_limitation", ear.one, ear.several))
    await gathering.handle(letters(1)[0])
    return ear, gathering


async def test_a_letter_in_quiet_times_is_taken_at_once_and_alone() -> None:
    ear, _ = await listening()
    assert (len(ear.alone), ear.together) == (1, [])


async def test_letters_in_busy_times_are_taken_together() -> None:
    ear, gathering = await listening()
    come = letters(100)
    await asyncio.gather(*map(gathering.handle, come))
    taken = [order for batch in ear.together for order in batch]
    assert sorted(taken) == sorted(letter.event.order for letter in come)
    assert [len(batch) for batch in ear.together] == [40, 40, 20]


async def test_one_that_cannot_be_taken_fails_alone() -> None:
    ear, gathering = await listening()
    good, bad, other = letters(3)
    ear.bad = {bad.event.order}
    fates = await asyncio.gather(*map(gathering.handle, (good, bad, other)), return_exceptions=True)
    assert [type(fate) for fate in fates] == [type(None), KeyError, type(None)]
    assert ear.together == []
    assert set(ear.alone[1:]) == {good.event.order, other.event.order}


async def test_one_that_is_given_back_holds_up_no_other() -> None:
    ear, gathering = await listening()
    gone, stays = letters(2)
    first = asyncio.create_task(gathering.handle(gone))
    second = asyncio.create_task(gathering.handle(stays))
    await asyncio.sleep(0.01)
    first.cancel()
    await second
    with pytest.raises(asyncio.CancelledError):
        await first
    assert [gone.event.order, stays.event.order] in ear.together
