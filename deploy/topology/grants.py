"""Who may touch which column: generated from a charter, made exact, never written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chassis.charter import Charter
from chassis.charter_check import Catalogue
from chassis.work import CARRY
from deploy.topology.policies import POLICIES_NOW, WALLS_NOW, changes, mark, walls, wanted_policies
from deploy.topology.technical import technical_uses

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


class Grant(NamedTuple):
    """One privilege on one column; `column` is None for DELETE, which concerns whole rows."""

    role: str
    table: str
    column: str | None
    privilege: str

    def words(self) -> str:
        """The privilege as it stands in GRANT and REVOKE."""
        return f'{self.privilege} ("{self.column}")' if self.column else self.privilege


def wanted_grants(charter: Charter, catalogue: Catalogue) -> set[Grant]:
    """Every privilege that the charter gives, column by column."""
    found: set[Grant] = set()
    for purpose in charter.purpose:
        found |= _grants_of(charter, purpose, catalogue)
    role = charter.purpose_role(CARRY)
    for table, use in technical_uses(charter, CARRY).items():
        found |= _grants_on(role, table, use, catalogue)
    return found


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
    statements = [*walls(charter, await connection.fetch(WALLS_NOW))]
    for grant in sorted(now - wanted, key=str):
        role = "PUBLIC" if grant.role == "public" else f'"{grant.role}"'
        statements.append(f'REVOKE {grant.words()} ON "{grant.table}" FROM {role}')
    statements += _granted_together(wanted - now)
    statements += changes(wanted_policies(charter, wanted), await connection.fetch(POLICIES_NOW))
    return iter(statements)


def _granted_together(grants: Iterable[Grant]) -> Iterator[str]:
    together: dict[tuple[str, str], list[str]] = {}
    for grant in sorted(grants, key=str):
        together.setdefault((grant.role, grant.table), []).append(grant.words())
    for (role, table), words in together.items():
        yield f'GRANT {", ".join(words)} ON "{table}" TO "{role}"'


async def mark_policies(connection: Any, charter: Charter, catalogue: Catalogue) -> None:
    """Note in each policy's comment what was asked for and how PostgreSQL reads it."""
    await mark(connection, wanted_policies(charter, wanted_grants(charter, catalogue)))
