"""`python -m services.retention sweep --as-of 2033-11-21T00:00:00Z [--wait]`: a sweep from the command line.

It works beside the running service, with the same settings: the order is written here, the running service
sends it and hears the answers. Exit status 0 when it was ordered (with --wait: when it is done), 1 when time
ran out or the database is away, 2 for a wrong argument.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from chassis.clock import SystemClock
from chassis.faults import DatabaseAway
from chassis.service import workplace_of
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.retention.api import Sweep
from services.retention.app import charter_of_retention, sweep_order
from services.retention.handlers.show_sweeps import shown
from services.retention.settings import RetentionSettings
from services.retention.store import sweeps

LOOK_AGAIN_SECONDS = 0.5


def main(arguments: Sequence[str]) -> int:
    """Read the arguments, sweep, print a line per figure."""
    asked = _parser().parse_args(arguments)
    try:
        sweep = asyncio.run(_sweep(asked.as_of, asked.timeout if asked.wait else None))
    except DatabaseAway:
        sys.stderr.write("the database is away; an order that was written goes on by itself\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in _figures(sweep))
    return 0 if sweep.done or not asked.wait else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.retention", description="Forgetting, by hand.")
    commands = parser.add_subparsers(dest="command", required=True)
    sweep = commands.add_parser("sweep", help="look for what may no longer be kept, as of a moment")
    sweep.add_argument("--as-of", required=True, type=_instant, help="ISO 8601 with a time zone")
    sweep.add_argument("--wait", action="store_true", help="wait until every service answered")
    sweep.add_argument("--timeout", type=float, default=120.0, help="seconds to wait at most")
    return parser


def _instant(text: str) -> datetime:
    """An instant with a time zone; argparse turns ValueError into a message and exit status 2."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time zone is missing")
    return at.astimezone(UTC)


async def _sweep(as_of: datetime, wait: float | None) -> Sweep:
    # Values come from the environment, as they do for the service itself.
    settings = RetentionSettings()
    charter = charter_of_retention()
    work = workplace_of(settings, charter, SystemClock())
    try:
        ordered = await sweep_order(work, charter, settings)(SYSTEM, as_of)
        return ordered if wait is None else await _done(work, ordered, wait)
    finally:
        await work.close()


async def _done(work: Workplace, sweep: Sweep, seconds: float) -> Sweep:
    """The sweep when it is done, or as it stands when the time is over."""
    last = time.monotonic() + seconds
    while not sweep.done and time.monotonic() < last:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        sweep = await _read(work, sweep.id)
    return sweep


async def _read(work: Workplace, sweep: UUID) -> Sweep:
    async with work("storage_limitation", SYSTEM) as tx:
        row = await sweeps.read(tx, sweep)
        assert row is not None, "sweeps are never deleted"
        return (await shown(tx, [row]))[0]


def _figures(sweep: Sweep) -> list[str]:
    return [
        f"sweep: {sweep.id}",
        f"as_of: {sweep.as_of.isoformat()}",
        f"dry_run: {'yes' if sweep.dry_run else 'no'}",
        f"without_activity: {sweep.without_activity}",
        f"with_activity: {sweep.with_activity}",
        f"anonymised: {sweep.anonymised}",
        f"services: {', '.join(receipt.service for receipt in sweep.receipts) or '-'}",
        f"done: {'yes' if sweep.done else 'no'}",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
