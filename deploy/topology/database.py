"""Databases, roles, migrations and grants: brought to what the charters say, or compared with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Iterator, Mapping
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
from deploy.topology.grants import grant_drift, mark_policies
from deploy.topology.secrets import ROOT, Secrets, login_roles

ITERATIONS = 4096
RESERVED_CONNECTIONS = 10
VERIFIER = re.compile(r"^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$")
LOCK = 0x746F706F


class TopologyError(RuntimeError):
    """The charters ask for what this server cannot give; the message says what."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs from the charters: where, and the statement that would mend it (passwords left out)."""

    where: str
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
        await _close_to_strangers(admin)
        for charter in charters.values():
            await _make_roles(admin, charter, secrets)
            await _make_database(admin, charter)
        for charter in charters.values():
            await _fill_database(admin_dsn, charter, secrets, root)


async def drift(admin_dsn: str, folder: Path, charters: Mapping[str, Charter] | None = None) -> list[Drift]:
    """Everything that apply would change, migrations aside; empty where nothing drifted."""
    charters = charters if charters is not None else all_charters(ROOT)
    secrets = Secrets(folder)
    found: list[Drift] = []
    async with _connected(admin_dsn) as admin:
        for charter in charters.values():
            for role in login_roles(charter):
                statement = await _role_drift(admin, charter, role, secrets)
                found += [Drift("roles", statement.split(" PASSWORD ")[0])] if statement else []
    for charter in charters.values():
        async with _connected(dsn_as(admin_dsn, database_of(charter.service))) as connection:
            catalogue = await catalogue_of(connection)
            for statement in await grant_drift(connection, charter, catalogue):
                found.append(Drift(database_of(charter.service), statement))
    return found


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


async def _close_to_strangers(admin: Any) -> None:
    for name in ("postgres", "template1"):
        await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")


async def _make_roles(admin: Any, charter: Charter, secrets: Secrets) -> None:
    owner = f"{charter.service}__owner"
    if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", owner):
        await admin.execute(f'CREATE ROLE "{owner}" NOLOGIN')
    for role in login_roles(charter):
        statement = await _role_drift(admin, charter, role, secrets)
        if statement:
            await admin.execute(statement)
    await admin.execute(f'GRANT "{owner}" TO "{charter.service}__migrate"')
    for role in await _orphans(admin, charter):
        await admin.execute(f'ALTER ROLE "{role}" NOLOGIN')


async def _orphans(admin: Any, charter: Charter) -> list[str]:
    """Logins of purposes that the charter no longer has: they lose their log-in, then their grants."""
    known = [*login_roles(charter), f"{charter.service}__owner"]
    rows = await admin.fetch(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1) AND rolname <> ALL ($2) AND rolcanlogin",
        f"{charter.service}__",
        known,
    )
    return [row["rolname"] for row in rows]


async def _role_drift(admin: Any, charter: Charter, role: str, secrets: Secrets) -> str | None:
    """The statement that makes one login exact, or None. Passwords travel as verifiers, never as they are."""
    row = await admin.fetchrow(
        "SELECT rolpassword, rolcanlogin, rolbypassrls, rolsuper OR rolcreatedb OR rolcreaterole "
        "OR rolreplication AS too_mighty FROM pg_authid WHERE rolname = $1",
        role,
    )
    password = secrets.role_password(charter.service, role)
    bypass = role.endswith(("__migrate", "__dump"))
    exact = (
        row is not None
        and row["rolcanlogin"]
        and row["rolbypassrls"] == bypass
        and not row["too_mighty"]
        and verifies(row["rolpassword"], password)
    )
    if exact:
        return None
    verb = "CREATE" if row is None else "ALTER"
    rights = f"LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {'' if bypass else 'NO'}BYPASSRLS"
    return f"{verb} ROLE \"{role}\" WITH {rights} PASSWORD '{verifier(password)}'"


async def _make_database(admin: Any, charter: Charter) -> None:
    name, owner = database_of(charter.service), f"{charter.service}__owner"
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await admin.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0')
    await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    logins = ", ".join(f'"{role}"' for role in login_roles(charter))
    await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {logins}')


async def _fill_database(admin_dsn: str, charter: Charter, secrets: Secrets, root: Path) -> None:
    name, service = database_of(charter.service), charter.service
    async with _connected(dsn_as(admin_dsn, name)) as admin:
        await admin.execute("; ".join(_house_rules(charter)))
    migrator = f"{service}__migrate"
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
        statements = list(await grant_drift(admin, charter, catalogue))
        if statements:
            await admin.execute("; ".join(statements))
            await mark_policies(admin, charter, catalogue)


def _house_rules(charter: Charter) -> Iterator[str]:
    """Nothing is open to everybody.

    set_config would be a road around the policies; a large object, a place for data of persons that no
    charter explains and no erasure finds. Both are shut.
    """
    logins = ", ".join(f'"{role}"' for role in login_roles(charter))
    service = charter.service
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {logins}"
    yield f'GRANT CREATE ON SCHEMA public TO "{service}__owner", "{service}__migrate"'
    yield "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC"
    for making in ("lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)"):
        yield f"REVOKE EXECUTE ON FUNCTION pg_catalog.{making} FROM PUBLIC"
    yield f'GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO "{service}__dump"'
    yield f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{service}__dump"'
    yield f'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO "{service}__dump"'
    for kind in ("TABLES", "SEQUENCES"):
        yield (
            f'ALTER DEFAULT PRIVILEGES FOR ROLE "{service}__owner", "{service}__migrate" IN SCHEMA public '
            f'GRANT SELECT ON {kind} TO "{service}__dump"'
        )


def verifier(password: str, salt: bytes | None = None) -> str:
    """PostgreSQL's SCRAM-SHA-256 verifier of a password (RFC 5803)."""
    salt = salt or hashlib.sha256(b"avondkassa" + password.encode()).digest()[:16]
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client = hmac.digest(salted, b"Client Key", "sha256")
    stored = base64.b64encode(hashlib.sha256(client).digest()).decode()
    server = base64.b64encode(hmac.digest(salted, b"Server Key", "sha256")).decode()
    return f"SCRAM-SHA-256${ITERATIONS}:{base64.b64encode(salt).decode()}${stored}:{server}"


def verifies(stored: str | None, password: str) -> bool:
    """Whether a stored verifier belongs to this password."""
    found = VERIFIER.match(stored or "")
    return bool(found) and hmac.compare_digest(
        stored or "", verifier(password, base64.b64decode(found[2] if found else ""))
    )


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        yield connection
    finally:
        await connection.close()
