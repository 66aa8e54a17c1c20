"""Databases, roles, migrations and grants: brought to what the charters say, or compared with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from chassis.charter import CHASSIS_MIGRATIONS, Charter, all_charters
from chassis.charter_check import Catalogue, catalogue_of, check_columns
from chassis.migrate import migrate
from chassis.pools import HOT_MAX, MAX_CONNECTIONS, POOL_MAX
from deploy.topology.grants import mark_policies, policy_drift, wanted_grants
from deploy.topology.roles import role_mends
from deploy.topology.secrets import ROOT, Secrets, login_roles
from deploy.topology.standing import (
    House,
    Mend,
    closed_mends,
    default_mends,
    object_mends,
    privilege_mends,
)

RESERVED_CONNECTIONS = 10
STRANGE_DATABASES = ("postgres", "template1")
"""What comes with every server, and no login of ours enters."""
LOCK = 0x746F706F


class TopologyError(RuntimeError):
    """The charters ask for what this server cannot give; the message says what."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs from the charters: where, in a sentence, and what would mend it (passwords left out)."""

    where: str
    sentence: str
    statement: str


def database_of(service: str) -> str:
    """The name of a service's database."""
    return f"avondkassa_{service}"


def dsn_as(admin_dsn: str, database: str, user: str | None = None, password: str | None = None) -> str:
    """The same server, another database, and another login where one is given."""
    parts = urlsplit(admin_dsn)
    netloc = parts.netloc
    if user is not None:
        netloc = f"{quote(user)}:{quote(password or '')}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))


async def apply(
    admin_dsn: str, folder: Path, charters: Mapping[str, Charter] | None = None, root: Path = ROOT
) -> None:
    """Make roles, databases, tables and grants what the charters say. Safe to repeat, also side by side.

    `folder` holds the secrets, `root` the folder services/ with its migrations. Raises TopologyError,
    CharterError and MigrationChanged, each with a sentence for whoever deploys.
    """
    charters = charters if charters is not None else all_charters(root)
    secrets = Secrets(folder)
    async with _connected(admin_dsn) as admin:
        await admin.execute("SELECT pg_advisory_lock($1)", LOCK)
        await _check_caps(admin, charters)
        await _make_roles(admin, charters, secrets)
        for charter in charters.values():
            await _make_database(admin, charter)
        for charter in charters.values():
            await _fill_database(admin_dsn, charter, secrets, root)


async def drift(admin_dsn: str, folder: Path, charters: Mapping[str, Charter] | None = None) -> list[Drift]:
    """Everything that apply would change, migrations aside; empty where nothing drifted."""
    charters = charters if charters is not None else all_charters(ROOT)
    secrets = Secrets(folder)
    async with _connected(admin_dsn) as admin:
        mends = await role_mends(admin, charters, _names(charters), secrets)
        found = [_shown("roles", mend) for mend in mends]
        found += [_shown("server", mend) for mend in await closed_mends(admin, STRANGE_DATABASES)]
    for charter in charters.values():
        name = database_of(charter.service)
        async with _connected(dsn_as(admin_dsn, name)) as connection:
            catalogue = await catalogue_of(connection)
            for step in _STEPS:
                found += [_shown(name, mend) for mend in await step(connection, charter, catalogue)]
    # What concerns the whole server is seen from every database, and told once.
    return list({entry.statement: entry for entry in reversed(found)}.values())[::-1]


def _shown(where: str, mend: Mend) -> Drift:
    return Drift(where, mend.sentence, mend.statement.split(" PASSWORD ")[0])


def _names(charters: Mapping[str, Charter]) -> dict[str, str]:
    return {service: database_of(service) for service in charters}


async def _objects(connection: Any, charter: Charter, catalogue: Catalogue) -> list[Mend]:
    return await object_mends(connection, _house(charter, catalogue))


async def _privileges(connection: Any, charter: Charter, catalogue: Catalogue) -> list[Mend]:
    return await privilege_mends(connection, _house(charter, catalogue), catalogue)


async def _defaults(connection: Any, charter: Charter, catalogue: Catalogue) -> list[Mend]:
    return await default_mends(connection, _house(charter, catalogue))


async def _policies(connection: Any, charter: Charter, catalogue: Catalogue) -> list[Mend]:
    statements = await policy_drift(connection, charter, catalogue)
    return [Mend(f"row security is not what the charter says: {one}", one) for one in statements]


_STEPS = (_objects, _privileges, _defaults, _policies)
"""What is made exact in a database, in this order: each step reads the catalogue that the one before left."""


def _house(charter: Charter, catalogue: Catalogue) -> House:
    logins = login_roles(charter)
    grants = frozenset(wanted_grants(charter, catalogue))
    return House(charter.service, database_of(charter.service), logins, grants)


def connection_cap(charters: Mapping[str, Charter], copies: int = 1) -> int:
    """The most connections that all services together can open, `copies` processes of each."""
    total = 0
    for charter in charters.values():
        pools = sum(HOT_MAX if purpose.hot else POOL_MAX for purpose in charter.purpose.values()) + POOL_MAX
        total += min(pools, MAX_CONNECTIONS)
    return total * copies


async def _check_caps(admin: Any, charters: Mapping[str, Charter]) -> None:
    limit = int(await admin.fetchval("SELECT current_setting('max_connections')"))
    cap = connection_cap(charters) + RESERVED_CONNECTIONS
    if cap > limit:
        raise TopologyError(f"the pools may open {cap} connections and max_connections is {limit}")


async def _make_roles(admin: Any, charters: Mapping[str, Charter], secrets: Secrets) -> None:
    mends = await role_mends(admin, charters, _names(charters), secrets)
    mends += await closed_mends(admin, STRANGE_DATABASES)
    for mend in mends:
        await admin.execute(mend.statement)


async def _make_database(admin: Any, charter: Charter) -> None:
    name, owner = database_of(charter.service), f"{charter.service}__owner"
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await admin.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0')
    await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{charter.service}__migrate"')


async def _fill_database(admin_dsn: str, charter: Charter, secrets: Secrets, root: Path) -> None:
    name, service = database_of(charter.service), charter.service
    migrator = f"{service}__migrate"
    async with _connected(dsn_as(admin_dsn, name)) as admin:
        await admin.execute(f'GRANT USAGE, CREATE ON SCHEMA public TO "{migrator}"')
    dsn = dsn_as(admin_dsn, name, migrator, secrets.role_password(service, migrator))
    async with _connected(dsn) as connection:
        folders = [CHASSIS_MIGRATIONS, root / "services" / service / "migrations"]
        await migrate(connection, folders)
        await connection.execute(f'REASSIGN OWNED BY "{migrator}" TO "{service}__owner"')
    async with _connected(dsn_as(admin_dsn, name)) as admin:
        await _make_exact(admin, charter)


async def _make_exact(admin: Any, charter: Charter) -> None:
    catalogue: Catalogue = await catalogue_of(admin)
    check_columns(charter, catalogue)
    async with admin.transaction():
        for step in _STEPS:
            mends = await step(admin, charter, catalogue)
            if mends:
                await admin.execute("; ".join(mend.statement for mend in mends))
        await mark_policies(admin, charter, catalogue)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Any]:
    # A search path that somebody set for the database would give every table another name.
    connection = await asyncpg.connect(dsn, timeout=10, server_settings={"search_path": "public"})
    try:
        yield connection
    finally:
        await connection.close()
