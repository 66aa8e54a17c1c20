"""Roles: where a login may go, what it may become, and whose passwords it has."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local import postgres
from deploy.topology.database import database_of, dsn_as
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.sql_wall import (
    Down,
    Statement,
    attempt_at,
    attribute,
    down,
    grant,
    member,
    nothing_back,
    rows_of,
    sql_attack,
    told,
)

GUIDE, RIGHTS = "orders__order_guidance", "orders__rights"
OWNER = "orders__owner"
SET_CONFIG = "FUNCTION pg_catalog.set_config(text, text, boolean)"
LIST = "sharing__co_presentation_door_list"
GUESSED = "welkom2026"


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_other_databases(), *_becoming(), *_settings(), *_passwords())


def _visit(place: str) -> Any:
    async def attempt(ground: Ground) -> str:
        async with ground.database("orders", RIGHTS, of=place) as connection:
            return f"a session in {await connection.fetchval('SELECT current_database()')}"

    return attempt_at(attempt)


def _other_databases() -> Sequence[Attack[Ground]]:
    def open_to(name: str) -> Any:
        return lambda ground: down(ground, "orders", [grant("CONNECT", f"DATABASE {name}", RIGHTS)])

    return (
        Attack(
            "postgres",
            "into the database of accounts",
            "log-ins and contacts, from orders",
            "a login enters the database of its own service only",
            _visit("accounts"),
            open_to(database_of("accounts")),
        ),
        Attack(
            "postgres",
            "into the database postgres",
            "a place that no charter watches",
            "the server's own database is open to nobody",
            _visit("postgres"),
            open_to("postgres"),
        ),
        Attack(
            "postgres",
            "into template1",
            "to put something into every database to come",
            "the template of databases is open to nobody",
            _visit("template1"),
            open_to("template1"),
        ),
    )


def _becoming() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "SET ROLE to another purpose",
            "the columns of a purpose that may read more",
            "no purpose can become another",
            Statement(
                "orders",
                "order_guidance",
                "SELECT phone FROM order_person",
                told("phone"),
                first=(f'SET LOCAL ROLE "{RIGHTS}"',),
            ),
            member(RIGHTS, GUIDE),
        ),
        sql_attack(
            "SET SESSION AUTHORIZATION",
            "to be another login altogether",
            "no purpose role is a superuser",
            Statement(
                "orders",
                "order_guidance",
                "SELECT phone FROM order_person",
                told("phone"),
                first=(f'SET LOCAL SESSION AUTHORIZATION "{RIGHTS}"',),
            ),
            attribute(GUIDE, "SUPERUSER"),
        ),
        sql_attack(
            "policies switched off by a service",
            "a table without row policies",
            "only the owner alters a table, and no service is the owner",
            Statement(
                "orders",
                "rights",
                "ALTER TABLE order_person DISABLE ROW LEVEL SECURITY",
                nothing_back("a table without row policies"),
            ),
            member(OWNER, RIGHTS),
        ),
        sql_attack(
            "a policy of one's own",
            "rows that no charter shows",
            "only topology makes policies",
            Statement(
                "orders",
                "ticket_sale",
                "CREATE POLICY mine ON outbox USING (true)",
                nothing_back("a policy of its own making"),
            ),
            member(OWNER, "orders__ticket_sale"),
        ),
        sql_attack(
            "a grant to everybody",
            "what it may read to be read by all",
            "a purpose cannot pass its grants on",
            Statement(
                "orders",
                "rights",
                "SELECT 1 AS open WHERE has_column_privilege('public', 'order_person', 'phone', 'SELECT')",
                rows_of("column that everybody may read"),
                first=("GRANT SELECT (phone) ON order_person TO PUBLIC",),
            ),
            member(OWNER, RIGHTS),
        ),
    )


def _settings() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "set_config in a parameter",
            "another organisation's list, by one injected expression",
            "no expression of a statement changes whose rows are shown",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "SELECT name FROM attendee_door",
                told("name"),
                organisation="{other}",
                first=("SELECT set_config('app.organisation', '{partner}', true)",),
            ),
            grant("EXECUTE", SET_CONFIG, LIST),
        ),
    )


def _find_password(role: str) -> Any:
    async def attempt(ground: Ground) -> str:
        try:
            async with ground.database("orders", role) as connection:
                rows = await connection.fetch("SELECT email FROM order_person")
        except FileNotFoundError:
            raise Held(f"orders' folder of secrets holds no password of {role}") from None
        return told("email")(ground, rows)

    return attempt


@asynccontextmanager
async def _generous_folder(ground: Ground) -> AsyncIterator[Ground]:
    """A folder of secrets in which a service also finds the passwords of operations."""
    with tempfile.TemporaryDirectory() as folder:
        passwords = Path(folder) / "secrets"
        shutil.copytree(ground.passwords, passwords)
        for path in (passwords / "operations" / "database").iterdir():
            shutil.copy(path, passwords / "orders" / "database")
        yield replace(ground, passwords=passwords)


async def _as_owner(ground: Ground) -> str:
    dsn = dsn_as(postgres.of(ground.instance).dsn, database_of("orders"), OWNER, GUESSED)
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except asyncpg.InvalidAuthorizationSpecificationError as refused:
        raise Held(str(refused)) from None
    await connection.close()
    return "a session as the owner of all tables"


def _passwords() -> Sequence[Attack[Ground]]:
    guessed = Down(
        f"ALTER ROLE {OWNER} LOGIN PASSWORD '{GUESSED}'", f"ALTER ROLE {OWNER} NOLOGIN PASSWORD NULL"
    )
    return (
        Attack(
            "postgres",
            "the migration login",
            "every row, past all policies",
            "no service holds the login that migrates",
            _find_password("orders__migrate"),
            _generous_folder,
        ),
        Attack(
            "postgres",
            "the dump login",
            "every column of every row",
            "no service holds the login that makes backups",
            _find_password("orders__dump"),
            _generous_folder,
        ),
        Attack(
            "postgres",
            "the owner logs in",
            "tables to do with as it likes",
            "the owner of the tables cannot log in",
            _as_owner,
            lambda ground: down(ground, "orders", [guessed]),
        ),
    )
