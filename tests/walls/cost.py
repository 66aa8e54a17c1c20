"""`python -m tests.walls.cost`: what row policies cost, among a million people.

The same login runs the same statement with its policies and, as BYPASSRLS, without, in turns. What is counted
is the server's own time on a processor (Linux), so that whoever else is busy on the machine changes little.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from pathlib import Path
from typing import Any

import asyncpg

from chassis.charter import all_charters
from deploy.topology import database, secrets
from deploy.topology.secrets import ROOT
from services.sharing.store import attendees
from tests.chassis.postgres import running_server
from tests.topology.conftest import Installation
from tests.walls import crowd

ROUNDS = 5
OWNER = "SELECT subject_id FROM order_person WHERE order_id = $1"
CONTACT = "SELECT name, email, locale FROM contact WHERE subject_id = $1"
CLAIM = (
    "UPDATE attendee_door SET name_version = 1 WHERE order_id = $1 AND event_id = $2 AND organisation_id = $3"
)
EVENING = (crowd.PARTNER, crowd.THEIR_EVENT, 5000)
DOOR_KEY = (crowd.THEIR_ORDER, crowd.THEIR_EVENT, crowd.PARTNER)
LIST = "sharing__co_presentation_door_list"
CASES: tuple[tuple[str, str, str, str, tuple[Any, ...], int], ...] = (
    ("whose order", "orders", "orders__order_guidance", OWNER, (crowd.THEIR_ORDER,), 2000),
    ("an address", "notify", "notify__order_guidance", CONTACT, (crowd.SOMEONE,), 2000),
    ("one at the door", "sharing", LIST, attendees.DOOR, DOOR_KEY, 2000),
    ("a door list of 1,000", "sharing", LIST, attendees.AT_THE_DOOR, EVENING, 20),
    ("a change at the door", "sharing", LIST, CLAIM, DOOR_KEY, 1000),
)


async def _microseconds(connection: Any, sql: str, arguments: tuple[Any, ...], times: int) -> float:
    statement, server = await connection.prepare(sql), await connection.fetchval("SELECT pg_backend_pid()")
    # PostgreSQL plans the first five anew and then keeps one plan, as it does for a service.
    for _ in range(8):
        await statement.fetch(*arguments)
    began = _nanoseconds(server)
    for _ in range(times):
        await statement.fetch(*arguments)
    return (_nanoseconds(server) - began) / times / 1000


def _nanoseconds(process: int) -> int:
    """How long a process has been on a processor."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])


async def _compare(house: Installation, case: tuple[str, str, str, str, tuple[Any, ...], int]) -> str:
    name, service, role, sql, arguments, times = case
    found: dict[str, list[float]] = {"": [], "NO": []}
    for _ in range(ROUNDS):
        for word, times_of in found.items():
            await house.run(service, f'ALTER ROLE "{role}" {word}BYPASSRLS')
            connection = await asyncpg.connect(house.way(service, role))
            await connection.execute(f"SET app.organisation = '{crowd.PARTNER}'")
            times_of.append(await _microseconds(connection, sql, arguments, times))
            await connection.close()
    plain, walled = statistics.median(found[""]), statistics.median(found["NO"])
    return f"{name:22} {plain:9,.0f} µs without {walled:9,.0f} µs with  {100 * (walled / plain - 1):+4.0f}%"


async def _measure(house: Installation) -> None:
    await database.apply(house.server.dsn, house.secrets, house.charters)
    await crowd.everywhere(crowd.fill, house.way)
    for case in CASES:
        print(await _compare(house, case), flush=True)


def main() -> None:
    """Print a line per statement: the server's time without and with policies, medians."""
    charters = all_charters(ROOT)
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        known = Path(folder) / "secrets"
        secrets.ensure(known, charters)
        asyncio.run(_measure(Installation(server, known, charters)))


if __name__ == "__main__":
    main()
