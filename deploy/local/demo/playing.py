"""The steps in their order, each with what it needs before it; playing them, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from deploy.local.demo.buying import buy
from deploy.local.demo.correcting import correct
from deploy.local.demo.evening import sell_and_admit
from deploy.local.demo.expecting import Unmet
from deploy.local.demo.expiring import expire
from deploy.local.demo.leaving import leave
from deploy.local.demo.sharing import share
from deploy.local.demo.story import Story
from deploy.local.demo.sweeping import sweep_later
from deploy.local.demo.writing import confirm


@dataclass(frozen=True)
class Step:
    """One step; `play` says what was seen, or raises Unmet. `needs` are steps that must have held before."""

    number: int
    title: str
    play: Callable[[Story], Awaitable[str]]
    needs: frozenset[int] = frozenset()


STEPS = (
    Step(1, "A guest buys two seats", buy),
    Step(2, "The tickets come by mail", confirm, frozenset({1})),
    Step(3, "The co-presenter gets what was agreed", share, frozenset({1})),
    Step(4, "The counter sells, the door admits once", sell_and_admit),
    Step(5, "A corrected name travels", correct, frozenset({1, 2, 3})),
    Step(6, "Copy, objection, erasure", leave, frozenset({1, 2, 3, 5})),
    Step(7, "An unpaid hold ends", expire),
    Step(8, "A sweep seven years later", sweep_later),
)
ELSEWHERE = frozenset({8})
"""Steps on an instance of their own: played while the others are."""


@dataclass(frozen=True)
class Outcome:
    """What came of a step: `seen` where it holds, else `why` not; `ms` is how long it took."""

    number: int
    title: str
    holds: bool
    seen: str
    why: str
    ms: int


def with_needs(numbers: Iterable[int]) -> list[Step]:
    """The steps of these numbers and all that they need, in order."""
    wanted = set(numbers)
    for step in reversed(STEPS):
        if step.number in wanted:
            wanted |= step.needs
    return [step for step in STEPS if step.number in wanted]


async def play(story: Story, steps: Iterable[Step], tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Play the steps; `tell` hears of each as soon as it and all before it are done."""
    chosen = list(steps)
    apart = {
        step.number: asyncio.create_task(attempt(story, step, []))
        for step in chosen
        if step.number in ELSEWHERE
    }
    outcomes: list[Outcome] = []
    try:
        for step in chosen:
            outcome = await (apart.get(step.number) or attempt(story, step, outcomes))
            outcomes.append(outcome)
            tell(outcome)
    finally:
        for task in apart.values():
            task.cancel()
        # A house of its own is taken down also when someone presses Ctrl-C.
        await asyncio.gather(*apart.values(), return_exceptions=True)
    return outcomes


async def attempt(story: Story, step: Step, before: Iterable[Outcome]) -> Outcome:
    """Play one step, unless one that it needs did not hold."""
    broken = sorted(step.needs & {outcome.number for outcome in before if not outcome.holds})
    if broken:
        return Outcome(step.number, step.title, False, "", f"not played: step {broken[0]} did not hold", 0)
    began = time.monotonic()
    try:
        seen, why = await step.play(story), ""
    except Unmet as unmet:
        seen, why = "", f"not so: {unmet}"
    except (KeyError, TypeError, ValueError, IndexError, StopIteration) as fault:
        seen, why = "", f"an answer had another shape than agreed ({type(fault).__name__}: {fault})"
    ms = round((time.monotonic() - began) * 1000)
    return Outcome(step.number, step.title, not why, seen, why, ms)
