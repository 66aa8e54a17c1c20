"""An evening that was played once at the house, for every test that looks at it or lies about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from deploy.local.demo.playing import STEPS, Outcome, play
from deploy.local.demo.story import House as DemoHouse
from deploy.local.demo.story import Story
from deploy.local.demo.wire import HttpWire
from tests.conftest import House
from tests.journeys.recording import Kept, Recorder


@dataclass(frozen=True)
class Evening:
    """What was told, and every answer that it rests on."""

    story: Story
    outcomes: list[Outcome]
    kept: list[Kept]


@pytest.fixture(scope="session")
async def evening(house: House) -> AsyncIterator[Evening]:
    """All eight steps, played once."""
    async with HttpWire() as wire:
        recorder = Recorder(wire)
        story = Story(DemoHouse(house.folder, house.endpoints), recorder)
        house.persons.update((story.buyer.name, story.buyer.corrected))
        outcomes = await play(story, STEPS, lambda _: None)
        yield Evening(story, outcomes, recorder.kept)
