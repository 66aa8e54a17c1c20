"""A million people in the real schema of a service, with choices in its gate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg

MANY = 1_000_000
EVENTS = 1_000
PERSON = "('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid"
ORDER = "('00000000-0000-4000-9000-' || lpad(to_hex(i), 12, '0'))::uuid"
EVENT = f"('00000000-0000-4000-a000-' || lpad(to_hex(i % {EVENTS}), 12, '0'))::uuid"
THEIRS = "('00000000-0000-4000-b000-' || lpad(to_hex(i % 20), 12, '0'))::uuid"
FROM = f"FROM generate_series(1, {MANY}) AS i"
SOMEONE = UUID("00000000-0000-4000-8000-00000000002a")
THEIR_ORDER = UUID("00000000-0000-4000-9000-00000000002a")
THEIR_EVENT = UUID("00000000-0000-4000-a000-00000000002a")
PARTNER = UUID("00000000-0000-4000-b000-000000000002")
"""Number 42: their order, their event, and the co-presenter of that event."""
GATE = f"""
INSERT INTO gate SELECT {PERSON}, '*', NULL, '*', 'restricted', 1 {FROM} WHERE i % 50 = 7;
INSERT INTO gate SELECT {PERSON}, 'co_presentation_door_list', {THEIRS}, 'email', 'objected', 1 {FROM} WHERE i % 40 = 3;
INSERT INTO gate SELECT {PERSON}, 'co_presentation_news', {THEIRS}, 'email',
    CASE WHEN i % 5 = 0 THEN 'withdrawn' ELSE 'given' END, 1 {FROM} WHERE i % 40 = 2;
"""  # noqa: E501
ROWS = {
    "orders": f"""
INSERT INTO order_person SELECT {EVENT}, {ORDER}, {PERSON}, 'N', 'n@x.example', NULL, 'nl', 1, 1, 1, 1, now() {FROM};
""",  # noqa: E501
    "notify": f"""
INSERT INTO contact SELECT {PERSON}, 'N', 1, 'n@x.example', 1, 'nl', 1, now() {FROM};
""",
    "sharing": f"""
INSERT INTO attendee SELECT {ORDER}, {PERSON}, {ORDER}, {EVENT}, {THEIRS},
    ARRAY['co_presentation_door_list'], 1, now() {FROM};
INSERT INTO attendee_door SELECT {ORDER}, {EVENT}, {THEIRS}, {PERSON}, 'N', 1, ARRAY['A1'], now() {FROM};
""",
}
BIG = ("order_person", "contact", "attendee", "attendee_door", "gate")


Deed = Callable[[Any, str], Awaitable[None]]


async def everywhere(do: Deed, way: Callable[[str], str]) -> None:
    """Do something in each of these services' databases at the same time, as the superuser."""

    async def there(service: str) -> None:
        connection = await asyncpg.connect(way(service))
        try:
            await do(connection, service)
        finally:
            await connection.close()

    await asyncio.gather(*map(there, ROWS))


async def fill(connection: Any, service: str) -> None:
    """A million people in this service's tables; as the superuser, who drops indexes while that lasts."""
    tables = [table for table in BIG if table in ROWS[service] + GATE]
    indexes = await connection.fetch(
        "SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made"
        " FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid"
        " WHERE c.oid IS NULL AND i.indrelid::regclass::text = ANY ($1)",
        tables,
    )
    await connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    await connection.execute(ROWS[service] + GATE)
    for index in indexes:
        await connection.execute(index["made"])
    await connection.execute(f"ANALYZE {', '.join(tables)}")


async def empty(connection: Any, service: str) -> None:
    """Nobody is left."""
    await connection.execute(f"TRUNCATE {', '.join(table for table in BIG if table in ROWS[service] + GATE)}")
