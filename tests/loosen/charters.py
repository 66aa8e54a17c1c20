"""Each charter with one purpose and one column more: what it would generate, in force for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chassis.charter import Charter, Use
from chassis.charter_check import Catalogue
from deploy.topology.grants import wanted_grants
from deploy.topology.policies import wanted_policies
from tests.loosen.columns import Granted, Ledger, Wider
from tests.loosen.laws import Reach


def widenings(charter: Charter, ledger: Ledger, catalogue: Catalogue) -> Iterator[tuple[str, Wider]]:
    """For each purpose that uses tables: the charter with one column more for it, and one purpose more."""
    for name in charter.purpose:
        for what, wider in (_one_column(charter, ledger, name), _one_purpose(charter, ledger, name)):
            if wider is not None:
                yield what, _in_force(charter, wider, ledger, catalogue)


def _one_column(charter: Charter, ledger: Ledger, name: str) -> tuple[str, Charter | None]:
    for table, use in charter.purpose[name].uses.items():
        for column in ledger.columns[table]:
            if Granted(name, Reach(table, column, "SELECT")) not in ledger.grants:
                wider = use.model_copy(update={"select": (*use.select, column)})
                return f"{name} with the column {column} of {table}", _with(charter, name, table, wider)
    return "", None


def _one_purpose(charter: Charter, ledger: Ledger, name: str) -> tuple[str, Charter | None]:
    for table, use in charter.purpose[name].uses.items():
        for other in charter.purpose:
            if _gains(ledger, charter, other, table, use):
                return f"{other} with the use of {table} by {name}", _with(charter, other, table, use)
    return "", None


def _gains(ledger: Ledger, charter: Charter, purpose: str, table: str, use: Use) -> bool:
    """Whether a purpose that knows nothing of a table would see it by this use."""
    columns = ledger.columns[table] if "*" in use.select else use.select
    known = charter.purpose[purpose].uses
    reaches = [Granted(purpose, Reach(table, column, "SELECT")) for column in columns]
    return table not in known and any(reach not in ledger.grants for reach in reaches)


def _with(charter: Charter, purpose: str, table: str, use: Use) -> Charter:
    acting = charter.purpose[purpose]
    more = acting.model_copy(update={"uses": {**acting.uses, table: use}})
    return charter.model_copy(update={"purpose": {**charter.purpose, purpose: more}})


def _in_force(charter: Charter, wider: Charter, ledger: Ledger, catalogue: Catalogue) -> Wider:
    """The statements by which the wider charter differs, and who reaches what by them."""
    before, after = wanted_grants(charter, catalogue), wanted_grants(wider, catalogue)
    more = sorted(after - before, key=str)
    rows = {policy.name: policy for policy in wanted_policies(charter, before)}
    policies = [one for one in wanted_policies(wider, after) if one.name not in rows]
    statements = [
        *[f'GRANT {_words(one)} ON "{one.table}" TO "{one.role}"' for one in more],
        *[policy.create() for policy in policies],
    ]
    prefix = f"{ledger.service}__"
    gives = tuple(
        Granted(one.role.removeprefix(prefix), Reach(one.table, one.column or "", one.privilege))
        for one in more
    )
    return Wider("in its charter", "; ".join(statements), gives)


def _words(grant: Any) -> str:
    return f'{grant.privilege} ("{grant.column}")' if grant.column else grant.privilege
