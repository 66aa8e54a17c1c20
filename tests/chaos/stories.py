"""Stories with deaths in them: each part of the house dies in every step, and services at named points."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from deploy.local.demo.expecting import Patience
from deploy.local.demo.playing import STEPS, Outcome, attempt
from deploy.local.demo.story import House as DemoHouse
from deploy.local.demo.story import Story
from deploy.local.demo.wire import Wire
from tests.chaos.ending import Ending, books_of, ending
from tests.chaos.killing import TARGETS, Strike, back, kill
from tests.chaos.points import POINTS, arm, disarm, is_armed
from tests.conftest import House

Say = Callable[[str], None]
PATIENT = Patience(answer=90.0, news=120.0)
EVENING = STEPS[:7]
NAMED = (
    (1, "orders", "mollie_answered"),
    (1, "orders", "before_publish"),
    (2, "notify", "mail_accepted"),
    (2, "notify", "before_publish"),
    (3, "sharing", "before_publish"),
    (3, "sharing", "before_acknowledge"),
    (5, "accounts", "before_publish"),
    (5, "orders", "before_acknowledge"),
    (6, "retention", "before_publish"),
    (6, "retention", "before_acknowledge"),
    (6, "gateway", "before_publish"),
    (6, "accounts", "before_acknowledge"),
)
"""Step, service and point. A service that dies twice in a step dies in two stories."""


def story_of(house: House, wire: Wire) -> Story:
    """A patient person at this house."""
    story = Story(DemoHouse(house.folder, house.endpoints), wire, PATIENT)
    house.persons.update((story.buyer.name, story.buyer.corrected))
    return story


async def undisturbed(house: House, wire: Wire) -> Ending:
    """How a story ends in which nobody dies."""
    story = story_of(house, wire)
    before = await books_of(story)
    outcomes: list[Outcome] = []
    for step in EVENING:
        outcomes.append(await attempt(story, step, outcomes))
    return await ending(story, house, before, outcomes)


async def killed(house: House, wire: Wire, target: str, say: Say) -> Ending:
    """One part dies during each of the seven steps; each part at another request of it."""
    strike = Strike(wire)
    story = story_of(house, strike)
    before = await books_of(story)
    outcomes: list[Outcome] = []
    for step in EVENING:
        deaths: list[asyncio.Task[float]] = []
        at = 2 + (3 * TARGETS.index(target) + step.number) % 7
        strike.arm(at, partial(_kill, deaths, house, target))
        outcomes.append(await attempt(story, step, outcomes))
        strike.finish()
        seconds = await deaths[0]
        outcome = outcomes[-1].why or "holds"
        say(
            f"{target} killed in step {step.number} at {strike.struck}; back after {seconds:.1f} s: {outcome}"
        )
    return await ending(story, house, before, outcomes)


def _kill(deaths: list[asyncio.Task[float]], house: House, target: str) -> None:
    """Kill, and watch from that moment how long it stays away."""
    deaths.append(asyncio.create_task(back(house, target, kill(house, target))))


async def died_at(house: House, wire: Wire, points: dict[int, tuple[str, str]], say: Say) -> Ending:
    """In some steps a service dies at a named point; `points` by step."""
    story = story_of(house, wire)
    before = await books_of(story)
    outcomes: list[Outcome] = []
    for step in EVENING:
        service, point = points.get(step.number, ("", ""))
        if service:
            arm(house.folder, service, point)
        outcomes.append(await attempt(story, step, outcomes))
        if service:
            if is_armed(house.folder, service):
                outcomes[-1] = replace(outcomes[-1], holds=False, why="the point was never reached")
            disarm(house.folder, service)
            outcome = outcomes[-1].why or "holds"
            say(f"{service} died in step {step.number} {POINTS[point]}: {outcome}")
    return await ending(story, house, before, outcomes)


def named_stories() -> Iterator[dict[int, tuple[str, str]]]:
    """The named points dealt over as few stories as they need: one death a step."""
    left = list(NAMED)
    while left:
        story = {step: (service, point) for step, service, point in reversed(left)}
        left = [one for one in left if story[one[0]] != one[1:]]
        yield story
