"""Who may touch which column of which row: generated from a charter, made exact, never written by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from chassis.charter import KEEPING_CHOICES, RIGHTS, STORAGE_LIMITATION, Charter, Purpose
from chassis.charter_check import Catalogue
from chassis.work import CARRY
from deploy.topology.technical import technical_uses

SEES_ALL_CHOICES = frozenset((KEEPING_CHOICES, RIGHTS, STORAGE_LIMITATION))
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")

GRANTS_NOW = """
SELECT r.rolname AS role, c.relname AS table_name, a.attname AS column_name, acl.privilege_type AS privilege
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attacl IS NOT NULL
CROSS JOIN LATERAL aclexplode(a.attacl) acl JOIN pg_roles r ON r.oid = acl.grantee
WHERE starts_with(r.rolname, $1)
UNION ALL
SELECT COALESCE(r.rolname, 'public'), c.relname, NULL, acl.privilege_type
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
CROSS JOIN LATERAL aclexplode(c.relacl) acl LEFT JOIN pg_roles r ON r.oid = acl.grantee
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND acl.grantee <> c.relowner
"""
POLICIES_NOW = """
SELECT c.relname AS table_name, p.polname AS name, obj_description(p.oid, 'pg_policy') AS mark,
    md5(concat(p.polcmd, p.polpermissive, p.polroles::regrole[],
        pg_get_expr(p.polqual, p.polrelid), '|', pg_get_expr(p.polwithcheck, p.polrelid))) AS reads
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
"""
WALLS_DOWN = """
SELECT c.relname AS table_name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""


class Grant(NamedTuple):
    """One privilege on one column; `column` is None for DELETE, which concerns whole rows."""

    role: str
    table: str
    column: str | None
    privilege: str

    def words(self) -> str:
        """The privilege as it stands in GRANT and REVOKE."""
        return f'{self.privilege} ("{self.column}")' if self.column else self.privilege


@dataclass(frozen=True, slots=True)
class Policy:
    """One permissive policy: which rows a role sees, or may write, with one command."""

    table: str
    role: str
    command: str
    rows: str

    @property
    def name(self) -> str:
        """Unique per table."""
        return f"{self.role}.{self.command.lower()}"

    @property
    def source(self) -> str:
        """A digest of what was asked for, kept in the policy's comment."""
        return hashlib.sha256(f"{self.role} {self.command} {self.rows}".encode()).hexdigest()[:16]

    def create(self) -> str:
        """The statement that makes it."""
        clause = {
            "INSERT": f"WITH CHECK ({self.rows})",
            "UPDATE": f"USING ({self.rows}) WITH CHECK ({self.rows})",
        }
        return (
            f'CREATE POLICY "{self.name}" ON "{self.table}" FOR {self.command} TO "{self.role}" '
            + clause.get(self.command, f"USING ({self.rows})")
        )


def wanted_grants(charter: Charter, catalogue: Catalogue) -> set[Grant]:
    """Every privilege that the charter gives, column by column."""
    found: set[Grant] = set()
    for purpose in charter.purpose:
        found |= _grants_of(charter, purpose, catalogue)
    role = charter.purpose_role(CARRY)
    for table, use in technical_uses(charter, CARRY).items():
        found |= _grants_on(role, table, use, catalogue)
    return found


def wanted_policies(charter: Charter, grants: Iterable[Grant]) -> set[Policy]:
    """One policy per role, table and command that was granted."""
    purposes = {charter.purpose_role(name): (name, purpose) for name, purpose in charter.purpose.items()}
    carry = charter.purpose_role(CARRY)
    pairs = {(grant.table, grant.role, grant.privilege) for grant in grants}
    return {
        Policy(
            table, role, command, "true" if role == carry else _rows(charter, table, command, *purposes[role])
        )
        for table, role, command in pairs
    }


def _grants_of(charter: Charter, purpose: str, catalogue: Catalogue) -> set[Grant]:
    role = charter.purpose_role(purpose)
    found: set[Grant] = set()
    for uses in (charter.purpose[purpose].uses, technical_uses(charter, purpose)):
        for table, use in uses.items():
            found |= _grants_on(role, table, use, catalogue)
    return found


def _grants_on(role: str, table: str, use: Any, catalogue: Catalogue) -> set[Grant]:
    found = {Grant(role, table, None, "DELETE")} if use.delete else set()
    for privilege in ("select", "insert", "update"):
        columns = getattr(use, privilege)
        every = tuple(catalogue[table]) if "*" in columns else columns
        found |= {Grant(role, table, column, privilege.upper()) for column in every}
    return found


def _rows(charter: Charter, table: str, command: str, name: str, purpose: Purpose) -> str:
    """The condition on rows; what is not named here may be seen by whoever has the grant."""
    if table == "outbox" and command == "INSERT":
        return f"topic = ANY ({_words(purpose.says)})"
    if table == "gate" and name not in SEES_ALL_CHOICES:
        if command == "INSERT":
            return "version = 0"
        return f"purpose = ANY ({_words((name, '*', *purpose.sees_choices_of))})"
    if table == "idempotency_key" and name not in SEES_ALL_CHOICES:
        return f"purpose = {_word(name)}"
    known = charter.table.get(table)
    if known is not None and known.organisation and purpose.of_one_organisation:
        return f"\"{known.organisation}\" = current_setting('app.organisation')::uuid"
    return "true"


def _word(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _words(words: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(_word(word) for word in words)}]::text[]"


async def grants_now(connection: Any, service: str) -> set[Grant]:
    """What is granted in this database to the service's roles, or to everybody."""
    prefix = f"{service}__"
    left_out = {f"{prefix}{name}" for name in ("owner", "migrate", "dump")}
    rows = await connection.fetch(GRANTS_NOW, prefix)
    return {
        Grant(row["role"], row["table_name"], row["column_name"], row["privilege"])
        for row in rows
        if row["role"] not in left_out
    }


async def grant_drift(connection: Any, charter: Charter, catalogue: Catalogue) -> Iterator[str]:
    """Statements that would make grants, policies and walls exact; none where nothing drifted."""
    wanted = wanted_grants(charter, catalogue)
    now = await grants_now(connection, charter.service)
    statements = [*_walls(await connection.fetch(WALLS_DOWN))]
    for grant in sorted(now - wanted, key=str):
        role = "PUBLIC" if grant.role == "public" else f'"{grant.role}"'
        statements.append(f'REVOKE {grant.words()} ON "{grant.table}" FROM {role}')
    statements += _granted_together(wanted - now)
    statements += _policies(wanted_policies(charter, wanted), await connection.fetch(POLICIES_NOW))
    return iter(statements)


def _granted_together(grants: Iterable[Grant]) -> Iterator[str]:
    together: dict[tuple[str, str], list[str]] = {}
    for grant in sorted(grants, key=str):
        together.setdefault((grant.role, grant.table), []).append(grant.words())
    for (role, table), words in together.items():
        yield f'GRANT {", ".join(words)} ON "{table}" TO "{role}"'


def _walls(rows: Iterable[Any]) -> Iterator[str]:
    for row in rows:
        yield f'ALTER TABLE "{row["table_name"]}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'


def _policies(wanted: set[Policy], now: Iterable[Any]) -> Iterator[str]:
    """A policy stays if its comment says that it was asked for like this and still reads as it did then."""
    exact = {(policy.table, policy.name): policy for policy in wanted}
    standing = set()
    for row in now:
        key = (row["table_name"], row["name"])
        if key in exact and row["mark"] == f"{exact[key].source} {row['reads']}":
            standing.add(key)
        else:
            yield f'DROP POLICY "{row["name"]}" ON "{row["table_name"]}"'
    for key in sorted(exact.keys() - standing):
        yield exact[key].create()


async def mark_policies(connection: Any, charter: Charter, catalogue: Catalogue) -> None:
    """Note in each policy's comment what was asked for and how PostgreSQL reads it."""
    wanted = wanted_policies(charter, wanted_grants(charter, catalogue))
    exact = {(policy.table, policy.name): policy for policy in wanted}
    marks = []
    for row in await connection.fetch(POLICIES_NOW):
        policy = exact[(row["table_name"], row["name"])]
        mark = f"{policy.source} {row['reads']}"
        if row["mark"] != mark:
            marks.append(f'COMMENT ON POLICY "{policy.name}" ON "{policy.table}" IS {_word(mark)}')
    if marks:
        await connection.execute("; ".join(marks))
