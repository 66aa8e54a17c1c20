"""Column grants as the catalogue has them, each widened in a transaction and tried as the role itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from tests.loosen.laws import Columns, Reach, Spoken

ROLES = "SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1) AND rolcanlogin ORDER BY rolname"
COLUMNS = """
SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
GROUP BY c.relname ORDER BY c.relname
"""
GRANTS = """
SELECT role.rolname AS role, c.relname AS name, a.attname AS column, item.privilege_type AS privilege
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
CROSS JOIN LATERAL aclexplode(a.attacl) AS item JOIN pg_roles role ON role.oid = item.grantee
WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT role.rolname, c.relname, '', item.privilege_type
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS item JOIN pg_roles role ON role.oid = item.grantee
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND item.grantee <> c.relowner
ORDER BY 1, 2, 3, 4
"""
DUMP = "dump"
"""The login of backups reads every table whole, and changes none."""
NEXT = {"SELECT": "INSERT", "INSERT": "UPDATE", "UPDATE": "DELETE", "DELETE": "SELECT"}


SETTINGS = "; ".join(f"SET LOCAL app.{name} = '{UUID(int=0)}'" for name in ("actor", "organisation"))
"""What the chassis sets: policies are asked after grants, and are not what is tried here."""


class Granted(NamedTuple):
    """One grant as found: a purpose, or `carry` or `dump`, and what it reaches."""

    purpose: str
    reach: Reach


@dataclass(frozen=True)
class Wider:
    """One way to widen something: what it means in words, how it is done, and who reaches what by it."""

    means: str
    statement: str
    gives: tuple[Granted, ...]


@dataclass(frozen=True)
class Ledger:
    """One database: its purposes, its columns, and every grant on them."""

    service: str
    purposes: tuple[str, ...]
    columns: Columns
    grants: frozenset[Granted]

    def role(self, purpose: str) -> str:
        """The login of a purpose."""
        return f"{self.service}__{purpose}"


async def ledger_of(service: str, connection: Any) -> Ledger:
    """What the catalogue of a database says."""
    prefix = f"{service}__"
    roles = [row["rolname"].removeprefix(prefix) for row in await connection.fetch(ROLES, prefix)]
    columns = {row["name"]: tuple(row["columns"]) for row in await connection.fetch(COLUMNS)}
    grants = {
        Granted(row["role"].removeprefix(prefix), Reach(row["name"], row["column"], row["privilege"]))
        for row in await connection.fetch(GRANTS)
    }
    purposes = tuple(role for role in roles if role not in ("migrate", DUMP))
    return Ledger(service, purposes, columns, frozenset(grants))


def statement_of(reach: Reach) -> str:
    """A statement that PostgreSQL carries out only for whoever has this privilege; it touches no row."""
    table, column = f'"{reach.table}"', f'"{reach.column}"'
    return {
        "SELECT": f"SELECT {column} FROM {table} LIMIT 1",
        # Who may is asked before a plan is told; a default is what any column takes, also a generated one.
        "INSERT": f"EXPLAIN INSERT INTO {table} ({column}) VALUES (DEFAULT)",
        "UPDATE": f"UPDATE {table} SET {column} = DEFAULT WHERE false",
        "DELETE": f"DELETE FROM {table} WHERE false",
        "TRUNCATE": f"TRUNCATE {table}",
    }[reach.privilege]


async def may(connection: Any, role: str, statement: str, widened: str = "") -> bool:
    """Whether a role can do this, in a transaction that is rolled back; `widened` goes before."""
    await connection.execute("BEGIN")
    try:
        await connection.execute(
            f'{widened}; {SETTINGS}; SET LOCAL SESSION AUTHORIZATION "{role}"; {statement}'
        )
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await connection.execute("ROLLBACK")
    return True


async def complaints(connection: Any, ledger: Ledger, laws: Mapping[Reach, Spoken]) -> list[str]:
    """What the laws have to say about the database as it stands: each is tried as every purpose."""
    found = []
    for reach, law in laws.items():
        for purpose in (*ledger.purposes, *(() if reach.privilege == "SELECT" else (DUMP,))):
            can = await may(connection, ledger.role(purpose), statement_of(reach))
            if can != (purpose in law.may):
                found.append(f"{told(ledger, purpose, reach)}: {'may' if can else 'may not'}. {law.law.says}")
    return found


def told(ledger: Ledger, purpose: str, reach: Reach) -> str:
    """A reach in words."""
    column = f".{reach.column}" if reach.column else ""
    return f"{ledger.service}: {purpose} {reach.privilege} {reach.table}{column}"


def widenings(ledger: Ledger, found: Granted) -> Iterator[Wider]:
    """Every way in which one grant can be wider by one step: purpose, column, command, table, everybody."""
    purpose, reach = found
    if purpose == DUMP:
        yield from _commands(ledger, found)
        return
    more = _next(ledger, lambda other: Granted(other, reach), ledger.purposes, purpose)
    if more is not None:
        yield _grant(ledger, f"for {more.purpose} too", more)
    if reach.column:
        columns = ledger.columns[reach.table]
        further = _next(
            ledger, lambda other: Granted(purpose, reach._replace(column=other)), columns, reach.column
        )
        if further is not None:
            yield _grant(ledger, f"for the column {further.reach.column} too", further)
    yield from _commands(ledger, found)
    if reach.column:
        yield from _whole_table(ledger, found)
    yield from _everybody(ledger, reach)


def _next(ledger: Ledger, make: Any, among: Iterable[str], after: str) -> Granted | None:
    """The first that comes after, in a ring, and is not granted yet."""
    names = list(among)
    start = names.index(after) + 1 if after in names else 0
    for name in (*names[start:], *names[:start]):
        candidate: Granted = make(name)
        if name != after and not _has(ledger, candidate):
            return candidate
    return None


def _has(ledger: Ledger, granted: Granted) -> bool:
    return granted in ledger.grants


def _commands(ledger: Ledger, found: Granted) -> Iterator[Wider]:
    purpose, reach = found
    privilege = NEXT[reach.privilege]
    while privilege != reach.privilege:
        column = "" if privilege == "DELETE" else reach.column or ledger.columns[reach.table][0]
        more = Granted(purpose, Reach(reach.table, column, privilege))
        if not _has(ledger, more):
            yield _grant(ledger, f"to {privilege} too", more)
            return
        privilege = NEXT[privilege]


def _whole_table(ledger: Ledger, found: Granted) -> Iterator[Wider]:
    purpose, reach = found
    all_of_it = [
        Granted(purpose, reach._replace(column=column))
        for column in ledger.columns[reach.table]
        if not _has(ledger, Granted(purpose, reach._replace(column=column)))
    ]
    if all_of_it:
        statement = f'GRANT {reach.privilege} ON "{reach.table}" TO "{ledger.role(purpose)}"'
        yield Wider("for the whole table", statement, tuple(all_of_it))


def _everybody(ledger: Ledger, reach: Reach) -> Iterator[Wider]:
    others = [Granted(other, reach) for other in ledger.purposes if not _has(ledger, Granted(other, reach))]
    if others:
        yield Wider("for PUBLIC", f"GRANT {_words(reach)} TO PUBLIC", tuple(others))


def _grant(ledger: Ledger, means: str, more: Granted) -> Wider:
    return Wider(means, f'GRANT {_words(more.reach)} TO "{ledger.role(more.purpose)}"', (more,))


def _words(reach: Reach) -> str:
    column = f' ("{reach.column}")' if reach.column else ""
    return f'{reach.privilege}{column} ON "{reach.table}"'


async def noticed(connection: Any, ledger: Ledger, laws: Mapping[Reach, Spoken], wider: Wider) -> bool:
    """Whether a law that held before complains now: somebody can do what it refuses them."""
    for purpose, reach in wider.gives:
        law = laws.get(reach)
        if law is None or purpose in law.may:
            continue
        if await may(connection, ledger.role(purpose), statement_of(reach), wider.statement):
            return True
    return False
