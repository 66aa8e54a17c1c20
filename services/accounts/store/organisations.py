"""Rows of organisations: public names, no person's data."""

from dataclasses import dataclass
from uuid import UUID

from chassis.work import Sql

KNOWN = "SELECT count(*) FROM organisation WHERE id = $1"
# Two replicas may look at once: each takes rows that the other does not hold.
UNANNOUNCED = """
SELECT id, name, version FROM organisation WHERE announced_version < version
ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED
"""
ANNOUNCED = "UPDATE organisation SET announced_version = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A verified organisation."""

    id: UUID
    name: str
    version: int


async def known(sql: Sql, organisation: UUID) -> bool:
    """Whether the house verified this organisation."""
    return bool(await sql.fetchval(KNOWN, organisation))


async def unannounced(sql: Sql) -> list[Organisation]:
    """Organisations that the other services were not told about yet, locked until the transaction ends."""
    return [Organisation(row["id"], row["name"], row["version"]) for row in await sql.fetch(UNANNOUNCED)]


async def announced(sql: Sql, organisation: Organisation) -> None:
    """Remember which version was told."""
    await sql.execute(ANNOUNCED, organisation.id, organisation.version)
