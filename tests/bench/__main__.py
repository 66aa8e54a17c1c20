"""python -m tests.bench [PART]: measures the house; exit 0 if every measurement is sound.

A goal that is missed is told as missed and is no error: an answer that failed, or a part that broke, is one.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.local.instance import ROOT
from tests.bench import choosing, people, privacy, sale, season, waiting
from tests.bench.figure import Figure
from tests.bench.machine import machine
from tests.bench.part import Bench, Parts
from tests.bench.results import keep, summary

PARTS: Parts = {
    "choices": choosing.figures,
    "people": people.figures,
    "privacy": privacy.figures,
    "sale": sale.figures,
    "season": season.figures,
    "waiting": waiting.figures,
}


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 only if all parts came to their end without a failed request."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="only this part")
    parser.add_argument("--quick", action="store_true", help="a little of everything; nothing is kept")
    parser.add_argument("--only", action="append", default=[], help="figures whose names begin so (sale)")
    chosen = parser.parse_args(arguments)
    parts = {name: PARTS[name] for name in PARTS if chosen.part in (None, name)}
    figures, sound = asyncio.run(run(parts, quick=chosen.quick, only=tuple(chosen.only)))
    print(summary(figures))
    return 0 if sound else 1


async def run(
    parts: Parts, *, quick: bool, folder: Path = ROOT, only: tuple[str, ...] = ()
) -> tuple[list[Figure], bool]:
    """Measure these parts one after the other: their figures, and whether all of it was sound."""
    _say(f"machine: {machine()}")
    figures, sound = [], True
    for name, part in parts.items():
        bench = Bench(folder / f".run-bench-{name}", quick, _say, only=only)
        found: list[Figure] = []
        try:
            async for figure in part(bench):
                found.append(figure)
                for line in figure.lines():
                    _say(line)
        except Exception:
            traceback.print_exc()
            sound = False
        for watched in bench.watched:
            _say(watched.line())
        if not quick:
            keep(found, _run(bench))
        figures += found
    return figures, sound and bool(figures) and all(figure.sound for figure in figures)


def _run(bench: Bench) -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "commit": commit.stdout.strip(),
        "machine": machine(),
        "surroundings": [one.told() for one in bench.watched],
    }


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
