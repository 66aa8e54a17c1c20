"""python -m tests.loosen: widens each permission of a house of its own; exit 0 only if a law notices each."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from tests.loosen.ground import PARTS, ground
from tests.loosen.tally import Tally


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 only if every law holds and somebody notices each permission that is wider."""
    parser = argparse.ArgumentParser(prog="python -m tests.loosen", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="one part, or several")
    parser.add_argument("--service", help="the databases and doors of one service")
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    tally = Tally()
    with ground(chosen.only or PARTS) as house:
        asyncio.run(house.loosen(tally, chosen.service))
    for line in tally.lines():
        print(f"  {line}")
    print(f"  {time.monotonic() - began:.0f} s")
    print(tally.summary())
    return 0 if tally.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
