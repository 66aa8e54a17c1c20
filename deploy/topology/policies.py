"""Which rows a purpose sees: row policies from contracts/purposes.toml, a charter and the gate.

A person who restricted processing is hidden from every purpose that does not survive that (Art. 18), one who
objected from purposes that stop at an objection (Art. 21), and everybody without a standing consent from
purposes that wait for it (Art. 7). An organiser's purpose sees rows of its own organisation. Writing asks for
the organisation only, because to store is allowed while a restriction lasts. Tables without persons and
without an organisation carry no policies: their column grants are the wall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.charter import KEEPING_CHOICES, RIGHTS, STORAGE_LIMITATION, Charter, Purpose, Table, Use
from chassis.gate import PROTECTION
from chassis.purposes import known_purposes, outlast_restriction
from chassis.work import CARRY
from deploy.topology.access import log_rows

SEES_ALL_CHOICES = frozenset((KEEPING_CHOICES, RIGHTS, STORAGE_LIMITATION))
EVERY_ROW = "true"
ORGANISATION = "current_setting('app.organisation')::uuid"
# Unset, or '' once a transaction that set it is over: nobody, so that nobody is taken for the person.
ACTOR = "NULLIF(current_setting('app.actor', true), '')::uuid"

POLICIES_NOW = """
SELECT c.relname AS table_name, p.polname AS name, obj_description(p.oid, 'pg_policy') AS mark,
    md5(concat(p.polcmd, p.polpermissive, p.polroles::regrole[],
        pg_get_expr(p.polqual, p.polrelid), '|', pg_get_expr(p.polwithcheck, p.polrelid))) AS reads
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
"""
WALLS_NOW = """
SELECT c.relname AS table_name, c.relrowsecurity AND c.relforcerowsecurity AS stands,
    c.relrowsecurity OR c.relforcerowsecurity AS begun
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
"""


class Granted(Protocol):
    """One privilege of a role on a table."""

    @property
    def role(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def privilege(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """One permissive policy: which rows a role sees with one command, and which it may write."""

    table: str
    role: str
    command: str
    shown: str
    written: str

    @property
    def name(self) -> str:
        """Unique per table."""
        return f"{self.role}.{self.command.lower()}"

    @property
    def source(self) -> str:
        """A digest of what was asked for, kept in the policy's comment."""
        return hashlib.sha256(self.create().encode()).hexdigest()[:16]

    def create(self) -> str:
        """The statement that makes it."""
        clause = {
            "INSERT": f"WITH CHECK ({self.written})",
            "UPDATE": f"USING ({self.shown}) WITH CHECK ({self.written})",
        }
        return (
            f'CREATE POLICY "{self.name}" ON "{self.table}" FOR {self.command} TO "{self.role}" '
            + clause.get(self.command, f"USING ({self.shown})")
        )


def wanted_policies(charter: Charter, grants: Iterable[Granted]) -> set[Policy]:
    """One policy per role, command and walled table that was granted."""
    purposes = {charter.purpose_role(name): name for name in charter.purpose}
    carry = charter.purpose_role(CARRY)
    pairs = {(grant.table, grant.role, grant.privilege) for grant in grants}
    return {
        Policy(table, role, command, EVERY_ROW, EVERY_ROW)
        if role == carry
        else Policy(table, role, command, *rows_of(charter, table, command, purposes[role]))
        for table, role, command in pairs
        if walled(charter.table[table])
    }


def walled(table: Table) -> bool:
    """Whether row policies stand before a table: it has persons in it, or rows of organisations."""
    return bool(table.subject or table.organisation)


def rows_of(charter: Charter, table: str, command: str, name: str) -> tuple[str, str]:
    """The rows that a purpose sees in a table with a command, and those that it may write, as conditions."""
    purpose, known = charter.purpose[name], charter.table[table]
    if known.on_erasure == "log":
        return (log_rows(charter, table, command, name),) * 2
    if table == "outbox":
        return EVERY_ROW, f"topic = ANY ({_words(purpose.says)})" if command == "INSERT" else EVERY_ROW
    if name not in SEES_ALL_CHOICES and table == "gate":
        return f"purpose = ANY ({_words(_asked_of(name, purpose))})", "version = 0"
    if name not in SEES_ALL_CHOICES and table == "idempotency_key":
        return (f"purpose = {_word(name)}",) * 2
    own = [f'"{known.organisation}" = {ORGANISATION}'] if _bound(known, purpose) else []
    shown = [*own, *_of_persons(charter, table, name)]
    return " AND ".join(shown) or EVERY_ROW, " AND ".join(own) or EVERY_ROW


def _asked_of(name: str, purpose: Purpose) -> Iterator[str]:
    """The purposes about which this one reads choices; who is protected is known to whoever hides them."""
    asked = (name, *purpose.sees_choices_of)
    yield from (name, "*", *purpose.sees_choices_of)
    if any(known_purposes()[one].hides_protected for one in asked):
        yield PROTECTION


def _bound(table: Table, purpose: Purpose) -> bool:
    return table.organisation is not None and purpose.of_one_organisation


def _of_persons(charter: Charter, name: str, purpose: str) -> Iterator[str]:
    """Conditions on whose row it is; none for what is held only for purposes that survive a restriction.

    Whatever speaks against somebody is looked for in one probe of the gate's index.
    """
    table, acting, known = charter.table[name], charter.purpose[purpose], known_purposes()[purpose]
    if not table.subject or outlast_restriction(table.held_for):
        return
    subject = f'"{name}"."{table.subject}"'
    about = f"g.purpose = {_word(purpose)} AND {_whose(name, table, acting)} AND {_how(acting, name)}"
    against = []
    if not known.survives_restriction and acting.while_restricted == "hidden":
        other = f" AND {subject} IS DISTINCT FROM {ACTOR}{_not_kept(subject)}" if acting.of_people else ""
        against.append(f"g.purpose = '*' AND g.state = 'restricted'{other}")
    if known.hides_protected:
        against.append(f"g.purpose = {_word(PROTECTION)} AND g.state = 'restricted'")
    if known.gate == "objection":
        against.append(f"{about} AND g.state NOT IN ('given', 'lifted')")
    if known.gate == "consent":
        against.append(f"{about} AND g.state NOT IN ('given', 'lifted')")
        yield f"EXISTS (SELECT FROM gate g WHERE g.subject = {subject} AND {about} AND g.state = 'given')"
    if against:
        yield f"NOT EXISTS (SELECT FROM gate g WHERE g.subject = {subject} AND ({' OR '.join(against)}))"


def _not_kept(subject: str) -> str:
    """Nor a guest that whoever acts keeps in their account: looked up only where a restriction stands."""
    mine = f"c.guest = {subject} AND c.account = {ACTOR}"
    return f" AND NOT EXISTS (SELECT FROM claimed_guest c WHERE {mine})"


def _whose(name: str, table: Table, acting: Purpose) -> str:
    """Choices about every organisation, and those about the row's own, or about the one that is acted for."""
    if table.organisation:
        return f'COALESCE(g.organisation, "{name}"."{table.organisation}") = "{name}"."{table.organisation}"'
    if acting.of_one_organisation:
        return f"COALESCE(g.organisation, {ORGANISATION}) = {ORGANISATION}"
    return "g.organisation IS NULL"


def _how(acting: Purpose, name: str) -> str:
    """Choices about every channel, and those about the one that the charter names for this use."""
    channel = acting.uses.get(name, Use()).channel
    return f"g.channel IN ('*', {_word(channel)})" if channel else "g.channel = '*'"


def walls(charter: Charter, now: Iterable[Any]) -> Iterator[str]:
    """Statements that put row-level security up where it belongs, and down where it would say nothing."""
    for row in now:
        name = row["table_name"]
        if walled(charter.table[name]) and not row["stands"]:
            yield f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
        elif not walled(charter.table[name]) and row["begun"]:
            yield f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY'


def changes(wanted: set[Policy], now: Iterable[Any]) -> Iterator[str]:
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


async def mark(connection: Any, wanted: set[Policy]) -> None:
    """Note in each policy's comment what was asked for and how PostgreSQL reads it."""
    exact = {(policy.table, policy.name): policy for policy in wanted}
    marks = []
    for row in await connection.fetch(POLICIES_NOW):
        policy = exact[(row["table_name"], row["name"])]
        noted = f"{policy.source} {row['reads']}"
        if row["mark"] != noted:
            marks.append(f'COMMENT ON POLICY "{policy.name}" ON "{policy.table}" IS {_word(noted)}')
    if marks:
        await connection.execute("; ".join(marks))


def _word(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _words(words: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(_word(word) for word in words)}]::text[]"
