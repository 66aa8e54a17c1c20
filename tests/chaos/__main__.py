"""python -m tests.chaos: kills each service, the broker and the database in each step of the evening.

In an on-sale orders, the broker and the database die while buyers hold, place and pay. One line per death;
the last line says how many stories ended the same as an undisturbed one. Exit status 0 only if all did. Every
story and every death is bounded in time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from deploy.local.demo.expecting import Unmet
from deploy.local.demo.wire import HttpWire, Wire
from deploy.local.instance import ROOT
from tests.chaos.ending import Ending
from tests.chaos.house import chaos_house
from tests.chaos.killing import TARGETS
from tests.chaos.rush import rush
from tests.chaos.stories import died_at, killed, named_stories, undisturbed
from tests.conftest import House

TellStory = Callable[[House, Wire], Awaitable[Ending]]
RUSH = "rush"
SETTLE_SECONDS = 10
"""A quorum queue that is killed within a second of its creation never elects a leader (RabbitMQ 3.10)."""


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 only if every story ended the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="deaths of the rush at the same moments again")
    parser.add_argument("--only", choices=(*TARGETS, "points", RUSH), help="stories of one part only")
    chosen = parser.parse_args(arguments)
    seed = chosen.seed if chosen.seed is not None else random.randrange(1_000_000)
    with chaos_house(ROOT / ".run-chaos") as house:
        told, same = asyncio.run(_all(house, chosen.only, seed))
    print(f"chaos: {same} of {told} stories ended the same")
    return 0 if told and same == told else 1


def stories(only: str | None) -> list[tuple[str, TellStory]]:
    """Names and tellers of the stories."""
    chosen: list[tuple[str, TellStory]] = []
    for target in TARGETS:
        if only in (None, target):
            chosen.append((f"{target} dies in every step", partial(killed, target=target, say=_say)))
    for number, points in enumerate(named_stories(), 1):
        if only in (None, "points"):
            chosen.append((f"deaths at named points, {number}", partial(died_at, points=points, say=_say)))
    return chosen


async def _all(house: House, only: str | None, seed: int) -> tuple[int, int]:
    told, same = await _stories(house, only) if only != RUSH else (0, 0)
    if only in (None, RUSH):
        await asyncio.sleep(SETTLE_SECONDS)
        return told + 1, same + await _rushed(house, seed)
    return told, same


async def _rushed(house: House, seed: int) -> bool:
    name, began = f"an on-sale in which parts die (--seed {seed})", time.monotonic()
    try:
        untrue = await rush(house, _say, seed)
    except (Unmet, TimeoutError) as trouble:
        _say(f"{name}: broke off, {trouble}")
        return False
    _say(f"{name}: {'; '.join(untrue) or 'its laws hold'} ({time.monotonic() - began:.0f} s)")
    return not untrue


async def _stories(house: House, only: str | None) -> tuple[int, int]:
    chosen, same = stories(only), 0
    async with HttpWire() as wire:
        model = await undisturbed(house, wire)
        _say(f"an undisturbed story: {model}")
        if any(model.why):
            return len(chosen), 0
        await asyncio.sleep(SETTLE_SECONDS)
        for name, tell in chosen:
            same += await _ended_the_same(name, tell, house, wire, model)
    return len(chosen), same


async def _ended_the_same(name: str, tell: TellStory, house: House, wire: Wire, model: Ending) -> bool:
    began = time.monotonic()
    try:
        end = await tell(house, wire)
    except (Unmet, TimeoutError) as trouble:
        _say(f"{name}: broke off, {trouble}")
        return False
    same = end == model and not any(end.why)
    _say(f"{name}: {'the same end' if same else f'another end: {end}'} ({time.monotonic() - began:.0f} s)")
    return same


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
