"""`python -m deploy.generate` writes the generated documents; with `--check` it names those that differ."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from chassis.charter import all_charters
from deploy.generate.documents import differing, generated, write

ROOT = Path(__file__).parents[2]


def main() -> int:
    """0 when all is written or nothing differs, else 1."""
    arguments = argparse.ArgumentParser(prog="deploy.generate", description=__doc__)
    arguments.add_argument("--check", action="store_true", help="compare only, and name what differs")
    check = arguments.parse_args().check
    documents = generated(ROOT, all_charters(ROOT), datetime.now(UTC).date())
    stale = differing(ROOT, documents)
    if not check:
        write(ROOT, documents, stale)
    for name in stale:
        sys.stdout.write(f"{'differs' if check else 'written'}: {name}\n")
    sys.stdout.write(
        f"generate: {len(documents) - len(stale)} of {len(documents)} documents stood as they are\n"
    )
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
