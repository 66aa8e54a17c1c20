"""python -m tests.attacks: attacks every wall of a house of its own; exit 0 only if each proved its wall."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

from deploy.local.demo.wire import HttpWire
from deploy.local.instance import ROOT
from tests.attacks import broker
from tests.attacks.attack import Verdict, doubles, judge_all, summary
from tests.attacks.ground import Ground
from tests.attacks.house import attacked_house
from tests.attacks.http_wall import quiet
from tests.attacks.registry import all_attacks
from tests.attacks.scene import set_scene
from tests.attacks.walls import differences, walls_of


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 only if every attack succeeded without its wall and failed with it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--only", help="attacks with this word in wall or name")
    parser.add_argument(
        "--keep", action="store_true", help="leave the house running, and take it again next time"
    )
    chosen = parser.parse_args(arguments)
    quiet()
    began = time.monotonic()
    with attacked_house(ROOT / ".run-attack", keep=chosen.keep) as ground:
        verdicts, left = asyncio.run(_all(ground, chosen.only))
    for line in left:
        print(f"  the house was not left as it was found: {line}")
    line, good = summary(verdicts)
    print(f"  {sum(one.counts for one in verdicts)} rules held, {time.monotonic() - began:.0f} s")
    print(line)
    return 0 if good and not left else 1


async def _all(ground: Ground, only: str | None) -> tuple[list[Verdict[Ground]], list[str]]:
    attacks = [one for one in all_attacks() if only is None or only in f"{one.wall} {one.name}"]
    twice = doubles(attacks)
    assert not twice, f"told twice: {twice}"
    async with HttpWire() as wire:
        scene, _ = await asyncio.gather(set_scene(ground, wire), broker.prepare(ground))
        before = await walls_of(ground)
        verdicts = await judge_all(attacks, scene, _tell)
        for line in await broker.known(scene):
            print(f"known {line}")
    return verdicts, differences(before, await walls_of(ground))


def _tell(verdict: Verdict[Any]) -> None:
    for line in verdict.lines():
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
