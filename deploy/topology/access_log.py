"""`python -m deploy.topology.access_log --heads FOLDER`: whether each service's access log was left alone.

FOLDER holds a file per service, outside the databases and their backups, into which each service writes how
far its chain came. AVONDKASSA_ADMIN_DSN is a way in that sees every row. Exit 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from chassis.access_check import AccessCheck, Verdict
from chassis.access_seal import heads_of
from chassis.charter import Charter, all_charters
from deploy.topology.database import database_of, dsn_as
from deploy.topology.secrets import ROOT

ADMIN_DSN = "AVONDKASSA_ADMIN_DSN"


async def verdicts(admin_dsn: str, heads: Path) -> Mapping[str, Verdict]:
    """One verdict for each service; OSError where the server is away, ValueError for a spoilt file."""
    charters = all_charters(ROOT)
    return {name: await _verdict(admin_dsn, heads, charter) for name, charter in charters.items()}


def told(found: Mapping[str, Verdict]) -> tuple[str, int]:
    """A line for each service and each thing that is wrong, and the exit status."""
    lines: list[str] = []
    for service, verdict in found.items():
        state = "left alone" if not verdict.wrong else f"{len(verdict.wrong)} things are wrong"
        lines.append(f"{service}: {verdict.entries} looks under {verdict.seals} seals, {state}")
        lines += [f"  {sentence}" for sentence in verdict.wrong]
    return "\n".join(lines), 1 if any(verdict.wrong for verdict in found.values()) else 0


async def _verdict(admin_dsn: str, heads: Path, charter: Charter) -> Verdict:
    # The file first: a seal that is made meanwhile is in the database, and not yet missed outside.
    outside = heads_of(heads / f"{charter.service}.jsonl")
    connection = await asyncpg.connect(dsn_as(admin_dsn, database_of(charter.service)), timeout=10)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            now = await connection.fetchval("SELECT now()")
            return await AccessCheck(connection, charter.keep["looked_at"].term, now)(outside)
    finally:
        await connection.close()


def main() -> int:
    """Check all services, print what was found."""
    parser = argparse.ArgumentParser(prog="python -m deploy.topology.access_log", description=__doc__)
    parser.add_argument("--heads", type=Path, required=True, help="folder of the files outside the databases")
    text, status = told(asyncio.run(verdicts(os.environ[ADMIN_DSN], parser.parse_args().heads)))
    sys.stdout.write(f"{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
