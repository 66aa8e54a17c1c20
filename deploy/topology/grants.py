"""Who may touch which column: generated from a charter, made exact, never written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from chassis.charter import Charter
from chassis.charter_check import Catalogue
from chassis.work import CARRY
from deploy.topology.policies import POLICIES_NOW, WALLS_NOW, changes, mark, walls, wanted_policies
from deploy.topology.technical import technical_uses


class Grant(NamedTuple):
    """One privilege on one column; `column` is None for DELETE, which concerns whole rows."""

    role: str
    table: str
    column: str | None
    privilege: str


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


async def policy_drift(connection: Any, charter: Charter, catalogue: Catalogue) -> Iterator[str]:
    """Statements that would make policies and walls exact; none where nothing drifted."""
    wanted = wanted_policies(charter, wanted_grants(charter, catalogue))
    statements = [*walls(charter, await connection.fetch(WALLS_NOW))]
    statements += changes(wanted, await connection.fetch(POLICIES_NOW))
    return iter(statements)


async def mark_policies(connection: Any, charter: Charter, catalogue: Catalogue) -> None:
    """Note in each policy's comment what was asked for and how PostgreSQL reads it."""
    await mark(connection, wanted_policies(charter, wanted_grants(charter, catalogue)))
