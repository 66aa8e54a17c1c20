"""Roles: where a login may go, what it may become, make, put away and find out about the server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
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
SPOILS = Path(tempfile.gettempdir()) / "avondkassa-attack-spoils"


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (
        *_other_databases(),
        *_becoming(),
        *_making(),
        *_files(),
        *_settings(),
        *_finding_out(),
        *_passwords(),
    )


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


def _making() -> Sequence[Attack[Ground]]:
    schema, place = "SCHEMA public", f"DATABASE {database_of('orders')}"
    return (
        sql_attack(
            "a shadow table",
            "a second list of buyers that no erasure finds",
            "a service makes no tables: each is explained by a charter first",
            Statement(
                "orders",
                "rights",
                "CREATE TABLE shadow AS SELECT name, email FROM order_person",
                nothing_back("a shadow list"),
            ),
            grant("CREATE", schema, RIGHTS),
        ),
        sql_attack(
            "a temporary table",
            "a list that lasts as long as a pooled connection",
            "no purpose has temporary tables",
            Statement(
                "orders",
                "rights",
                "CREATE TEMP TABLE mine AS SELECT name FROM order_person",
                nothing_back("a list in a session"),
            ),
            grant("TEMPORARY", place, RIGHTS),
        ),
        sql_attack(
            "a large object",
            "addresses in a place that no table is",
            "no purpose keeps anything outside the tables of its charter",
            Statement(
                "orders",
                "rights",
                "SELECT lo_from_bytea(0, convert_to(email, 'UTF8')) FROM order_person",
                rows_of("addresses in large objects"),
            ),
            grant("EXECUTE", "FUNCTION lo_from_bytea(oid, bytea)", RIGHTS),
        ),
        sql_attack(
            "a schema of one's own",
            "a room that topology does not look into",
            "a service makes no schemas and no extensions",
            Statement("orders", "rights", "CREATE SCHEMA attic", nothing_back("a room of its own")),
            grant("CREATE", place, RIGHTS),
        ),
        sql_attack(
            "a function of one's own",
            "code that stays behind and lends its rights",
            "a service leaves no code in its database",
            Statement(
                "orders",
                "order_guidance",
                "CREATE FUNCTION lend() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
                nothing_back("a function that lends its rights"),
            ),
            grant("CREATE", schema, GUIDE),
        ),
    )


async def _to_file(ground: Ground) -> str:
    async with ground.database("orders", RIGHTS) as connection:
        try:
            await connection.execute(f"COPY (SELECT email FROM order_person) TO '{SPOILS}'")
        finally:
            with suppress(FileNotFoundError):
                SPOILS.unlink()
    return "a file of addresses beside the database"


def _files() -> Sequence[Attack[Ground]]:
    return (
        Attack(
            "postgres",
            "COPY into a file",
            "addresses in a file where no term applies",
            "no purpose writes files of the server",
            attempt_at(_to_file),
            lambda ground: down(ground, "orders", [member("pg_write_server_files", RIGHTS)]),
        ),
        sql_attack(
            "COPY to a program",
            "a program on the database's machine",
            "no purpose starts programs of the server",
            Statement(
                "orders", "rights", "COPY (SELECT 1) TO PROGRAM 'true'", nothing_back("a program that ran")
            ),
            member("pg_execute_server_program", RIGHTS),
        ),
        sql_attack(
            "a file of the server",
            "who may log in how, or worse",
            "no purpose reads files of the server",
            Statement(
                "orders", "rights", "SELECT pg_read_file('pg_hba.conf')", rows_of("file of the server")
            ),
            grant("EXECUTE", "FUNCTION pg_read_file(text)", RIGHTS),
            member("pg_read_server_files", RIGHTS),
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


async def _overheard(ground: Ground) -> str:
    """What another purpose is asking at this moment."""
    async with ground.database("orders", RIGHTS) as busy, ground.database("orders", GUIDE) as spy:
        await busy.execute(f"SELECT /* {ground.someone.email} */ 1")
        rows = await spy.fetch("SELECT query FROM pg_stat_activity WHERE usename = $1", RIGHTS)
    if any(ground.someone.email in row["query"] for row in rows):
        return "a buyer's address from another purpose's statement"
    raise Held(f"of other logins it sees {rows[0]['query'] if rows else 'nothing'}")


async def _cut_off(ground: Ground) -> str:
    async with ground.database("orders", RIGHTS) as busy, ground.database("orders", GUIDE) as vandal:
        pid = await busy.fetchval("SELECT pg_backend_pid()")
        if not await vandal.fetchval("SELECT pg_terminate_backend($1)", pid):
            raise Held("nobody was cut off")
    return "the end of another purpose's connection"


def _told_by_statistics(_: Ground, rows: Sequence[Any]) -> str:
    return "addresses from the planner's samples" if any("@" in str(row["sample"]) for row in rows) else ""


def _finding_out() -> Sequence[Attack[Ground]]:
    sample = "SELECT concat(stavalues1::text, stavalues2::text) AS sample FROM pg_statistic"
    return (
        sql_attack(
            "verifiers of passwords",
            "what every login is checked against",
            "the catalogue shows no password verifiers",
            Statement("orders", "rights", "SELECT rolpassword FROM pg_authid", rows_of("verifiers")),
            grant("SELECT", "pg_catalog.pg_authid", RIGHTS),
        ),
        sql_attack(
            "the planner's samples",
            "addresses that the planner took samples of",
            "the catalogue shows no samples of hidden columns",
            Statement(
                "orders",
                "order_guidance",
                sample,
                _told_by_statistics,
                careless=(Down("ANALYZE order_person", "SELECT 1"),),
            ),
            grant("SELECT", "pg_catalog.pg_statistic", GUIDE),
        ),
        sql_attack(
            "a sequence",
            "how many messages all co-presenters ever got",
            "a counter is read by whoever counts with it",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "SELECT last_value FROM delivery_position_seq",
                rows_of("counter"),
            ),
            grant("SELECT", "SEQUENCE delivery_position_seq", LIST),
        ),
        Attack(
            "postgres",
            "another purpose's statements",
            "values in statements that run at this moment",
            "a login sees its own sessions' statements only",
            attempt_at(_overheard),
            lambda ground: down(ground, "orders", [member("pg_read_all_stats", GUIDE)]),
        ),
        Attack(
            "postgres",
            "another purpose cut off",
            "another purpose's work to fail",
            "a login ends its own sessions only",
            attempt_at(_cut_off),
            lambda ground: down(
                ground, "orders", [member("pg_signal_backend", GUIDE), member(RIGHTS, GUIDE)]
            ),
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
