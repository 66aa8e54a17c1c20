"""One death in every test run: RabbitMQ, while somebody buys. `make chaos` kills everything, everywhere."""

from __future__ import annotations

import asyncio

import pytest

from deploy.local.demo.buying import buy
from deploy.local.demo.sharing import share
from deploy.local.demo.wire import HttpWire
from deploy.local.demo.writing import confirm
from tests.chaos.ending import waiting
from tests.chaos.killing import Strike, back, kill
from tests.chaos.stories import story_of
from tests.conftest import House

SETTLED = 10.0


@pytest.mark.requirement("X-03")
async def test_the_shop_sells_without_its_broker_and_nothing_is_lost(house: House) -> None:
    """Steps 1 to 3: the order is paid while the broker is away, mail and sharing follow when it is back."""
    await asyncio.sleep(SETTLED)
    async with HttpWire() as wire:
        strike = Strike(wire)
        story = story_of(house, strike)
        died: list[int] = []
        strike.arm(1, lambda: died.append(kill(house, "rabbitmq")), "POST /api/v1/orders")
        await buy(story)
        assert died
        await back(house, "rabbitmq", died[0])
        await confirm(story)
        await share(story)
        for _ in range(600):
            if await waiting(house) == 0:
                break
            await asyncio.sleep(0.1)
        assert await waiting(house) == 0
