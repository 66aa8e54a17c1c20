"""python -m deploy.local.demo [--json] [--steps 1-7]: an evening from ticket to forgetting, for real."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from deploy.local.demo.playing import STEPS, Outcome, Step, play, with_needs
from deploy.local.demo.story import House, Story
from deploy.local.demo.wire import HttpWire
from deploy.local.instance import ROOT


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 only if every step holds."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
    parser.add_argument(
        "--steps", default=f"1-{len(STEPS)}", help="which steps: 4, 1-7, 1,4,7 (with what they need)"
    )
    asked = parser.parse_args(arguments)
    folder = Path(os.environ.get("AVONDKASSA_RUN") or ROOT / ".run").resolve()
    try:
        house, steps = House.read(folder), with_needs(numbers(asked.steps))
    except FileNotFoundError:
        sys.stderr.write(f"No house is ready in {folder}. make start starts one.\n")
        return 1
    except ValueError:
        parser.error(f"--steps {asked.steps}: use numbers from 1 to {len(STEPS)}, such as 4, 1-7 or 1,4,7")
    outcomes = asyncio.run(_played(house, steps, quiet=asked.json))
    held = sum(outcome.holds for outcome in outcomes)
    if asked.json:
        print(
            json.dumps(
                {"steps": [asdict(one) for one in outcomes], "held": held, "of": len(outcomes)}, indent=2
            )
        )
    else:
        print(f"demo: {held} of {len(outcomes)} steps")
    return 0 if outcomes and held == len(outcomes) else 1


def numbers(text: str) -> set[int]:
    """The numbers in "4", "1-7" or "1,4,7"; ValueError for anything else."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    if not found or not found <= {step.number for step in STEPS}:
        raise ValueError(text)
    return found


async def _played(house: House, steps: Sequence[Step], *, quiet: bool) -> list[Outcome]:
    async with HttpWire() as wire:
        return await play(Story(house, wire), steps, (lambda _: None) if quiet else _tell)


def _tell(outcome: Outcome) -> None:
    mark, what = ("ok    ", outcome.seen) if outcome.holds else ("FAILED", outcome.why)
    print(f"  {outcome.number}  {mark} {outcome.ms:6d} ms  {outcome.title}: {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
