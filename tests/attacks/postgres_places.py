"""Places: what a login makes, puts away, and finds out about the server and its neighbours."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.topology.database import database_of
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.sql_wall import (
    Down,
    Statement,
    attempt_at,
    down,
    grant,
    member,
    nothing_back,
    rows_of,
    sql_attack,
)

GUIDE, RIGHTS = "orders__order_guidance", "orders__rights"
LIST = "sharing__co_presentation_door_list"
SPOILS = Path(tempfile.gettempdir()) / "avondkassa-attack-spoils"


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_making(), *_files(), *_finding_out())


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
                "orders",
                "rights",
                "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'",
                nothing_back("a program that ran"),
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
