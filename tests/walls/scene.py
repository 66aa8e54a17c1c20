"""People in a service's database with what they chose, looked at by the roles of its purposes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.charter import Charter
from chassis.work import rows_of
from tests.topology.test_rows_leave import COLUMNS, MADE

MINE, OTHERS = UUID(int=0xA), UUID(int=0xB)
"""The organisation that is acted for, and another one."""
Choice = tuple[str, UUID | None, str, str]
"""Purpose, organisation, channel and state, as the gate has them."""


@dataclass
class Scene:
    """One transaction of the superuser, who puts people there and then looks as somebody else."""

    connection: Any
    charter: Charter

    async def choose(self, subject: UUID, choices: Sequence[Choice]) -> None:
        """Let the gate know what somebody chose."""
        for choice in choices:
            await self.connection.execute("INSERT INTO gate VALUES ($1, $2, $3, $4, $5, 1)", subject, *choice)

    async def put(
        self, table: str, subject: UUID | None = None, organisation: UUID = MINE, **told: Any
    ) -> dict[str, Any]:
        """A row of somebody, with every column filled; what was put."""
        entry, row = self.charter.table[table], dict[str, Any]()
        for column in await self.connection.fetch(COLUMNS, table):
            words = re.findall(r"'([^']+)'::text", column["words"] or "")
            row[column["name"]] = words[0] if words else MADE[column["type"]]()
            if column["type"] == "timestamptz":
                # Each later than the one before: what ends has begun.
                row[column["name"]] += timedelta(days=len(row))
        row |= {entry.subject: subject} if entry.subject else {}
        row |= {entry.organisation: organisation} if entry.organisation else {}
        row |= told
        await self.connection.execute("SET LOCAL session_replication_role = replica")
        await self.connection.execute(_insert(table, row), *row.values())
        await self.connection.execute("SET LOCAL session_replication_role = origin")
        return row

    @asynccontextmanager
    async def acting(
        self, purpose: str, organisation: UUID | None = MINE, actor: UUID | None = None
    ) -> AsyncIterator[Any]:
        """The connection as the role of a purpose; whatever is done is undone, refusals too."""
        inner = self.connection.transaction()
        await inner.start()
        try:
            if organisation is not None:
                await self.connection.execute(f"SET LOCAL app.organisation = '{organisation}'")
            if actor is not None:
                await self.connection.execute(f"SET LOCAL app.actor = '{actor}'")
            await self.connection.execute(f'SET LOCAL ROLE "{self.charter.purpose_role(purpose)}"')
            yield self.connection
        finally:
            await inner.rollback()

    async def counts(self, purpose: str, table: str, row: dict[str, Any], **acting: Any) -> dict[str, int]:
        """How many rows each granted command reaches. Without WHERE, so that no other policy helps it."""
        use, found = self.charter.purpose[purpose].uses[table], dict[str, int]()
        if use.select:
            async with self.acting(purpose, **acting) as role:
                found["SELECT"] = await role.fetchval(f'SELECT count(*) FROM "{table}"')
        if use.update:
            column = next(iter(row)) if "*" in use.update else use.update[0]
            async with self.acting(purpose, **acting) as role:
                done = await role.execute(f'UPDATE "{table}" SET "{column}" = $1', row[column])
                found["UPDATE"] = rows_of(done)
        if use.delete:
            async with self.acting(purpose, **acting) as role:
                found["DELETE"] = rows_of(await role.execute(f'DELETE FROM "{table}"'))
        return found


def _insert(table: str, row: dict[str, Any]) -> str:
    names, places = ", ".join(f'"{name}"' for name in row), ", ".join(f"${n}" for n, _ in enumerate(row, 1))
    return f'INSERT INTO "{table}" ({names}) VALUES ({places})'
