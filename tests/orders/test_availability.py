"""An event that is nearly full is told of once for each time, by the clock: no buyer waits for it (G-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.service import Service
from chassis.testing import SetClock
from services.orders.domain.nearly_full import is_nearly_full
from tests.orders.stage import Evening, Stage, visitor
from tests.orders.test_holding import timer

TOPIC = "orders.availability.changed.v1"


@pytest.mark.parametrize(
    ("free", "places", "was", "now"),
    [
        (9, 100, False, True),
        (10, 100, False, False),
        (14, 100, True, True),
        (15, 100, True, False),
        (14, 100, False, False),
        (0, 100, True, False),
        (0, 0, False, False),
        (1, 8, False, False),
    ],
)
def test_few_places_are_some_and_fewer_than_a_tenth(free: int, places: int, was: bool, now: bool) -> None:
    assert is_nearly_full(free, places, was=was) is now


@pytest.mark.requirement("G-03")
async def test_few_places_are_told_once_and_again_when_they_came_free_in_between(
    stage: Stage, service: Service, clock: SetClock, evening: Evening
) -> None:
    async def told() -> list[tuple[bool, int]]:
        await timer(service, "tell_availability")
        return [(one["nearly_full"], one["version"]) for one in await stage.announced(TOPIC)]

    seats = list(evening.seats)
    for at in range(0, 38, 2):
        assert (await stage.hold(visitor(), evening, *seats[at : at + 2])).status == 201
    for _ in range(4):
        assert (await stage.hold(visitor(), evening, standing=4)).status == 201
    assert await told() == []
    assert (await stage.hold(visitor(), evening, standing=1)).status == 201
    assert await told() == [(True, 1)]
    assert await told() == [(True, 1)]
    clock.move(timedelta(hours=1))
    await timer(service, "expire_holds")
    assert await told() == [(True, 1), (False, 2)]
