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
    ("orders", (1, "mollie_answered"), (1, "before_publish"), (5, "before_acknowledge")),
    ("notify", (1, "mail_accepted"), (1, "before_acknowledge"), (1, "before_publish")),
    ("sharing", (1, "before_publish"), (1, "before_acknowledge"), (6, "before_publish")),
    ("accounts", (5, "before_publish"), (1, "before_acknowledge"), (6, "before_publish")),
    ("retention", (6, "before_publish"), (6, "before_acknowledge"), (1, "before_acknowledge")),
    ("gateway", (6, "before_publish"), (6, "before_acknowledge")),
)
"""For each service the points at which it dies, and before which step it is told so: one in each story."""

Told = list[tuple[int, str, str]]
"""Step, service, point."""


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


async def died_at(house: House, wire: Wire, points: Told, say: Say) -> Ending:
    """Services die at named points; a point that nobody reached spoils the story."""
    story = story_of(house, wire)
    before = await books_of(story)
    outcomes: list[Outcome] = []
    waiting = list(points)
    for step in EVENING:
        for number, service, point in points:
            if number == step.number:
                arm(house.folder, service, point)
        outcomes.append(await attempt(story, step, outcomes))
        waiting = _still_waiting(house, waiting, outcomes[-1], say)
    end = await ending(story, house, before, outcomes)
    for _, service, point in _still_waiting(house, waiting, outcomes[-1], say):
        disarm(house.folder, service)
        say(f"{service} never came to the point {POINTS[point]}")
        end = replace(end, why=(*end.why, f"{service} came to its point"))
    return end


def _still_waiting(house: House, points: Told, step: Outcome, say: Say) -> Told:
    """Those that were not reached yet, or not told yet; the others are reported."""
    left = [one for one in points if one[0] > step.number or is_armed(house.folder, one[1])]
    for _, service, point in (one for one in points if one not in left):
        say(f"{service} died by step {step.number} {POINTS[point]}: {step.why or 'holds'}")
    return left


def named_stories() -> Iterator[Told]:
    """One death of each service in each story."""
    for number in range(max(len(points) for _, *points in NAMED)):
        dealt = [(service, points[number]) for service, *points in NAMED if number < len(points)]
        yield [(step, service, point) for service, (step, point) in dealt]
