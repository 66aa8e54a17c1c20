"""Row policies as the catalogue has them, each widened before a row that nobody may find."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from chassis.work import rows_of as touched
from tests.loosen.columns import Ledger
from tests.loosen.laws import FOLDER, FORGETTERS, RELAY

SUBJECT, OURS, THEIRS, SOMEBODY, LOOK = (UUID(int=number) for number in (1, 2, 3, 4, 5))
POLICIES = """
SELECT c.relname AS name, p.polname AS policy, p.polcmd::text AS letter,
    pg_get_expr(p.polqual, p.polrelid) AS shown, pg_get_expr(p.polwithcheck, p.polrelid) AS written
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid ORDER BY 1, 2
"""
SHAPES = """
SELECT c.relname AS name, a.attname AS column, format_type(a.atttypid, NULL) AS type
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
CHECKS = """
SELECT conrelid::regclass::text AS name, conname FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'public'::regnamespace
"""
COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
FILLING = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "bytea": "'\\x00'",
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "uuid[]": "'{}'",
    "integer[]": "'{}'",
    "interval": "'1 day'",
}
GOSSIP = "everybody.gossip.spread.v1"
"""A topic that nobody says."""
ASKS_ELSEWHERE = ("= 'given'", "FROM access_subject")
"""Who asks another table, and finds none of its rows, gains no row here by a policy that is for everybody."""
SUBJECTS, ORGANISATIONS = ("subject_id", "subject", "actor"), ("organisation_id", "organisation")


@dataclass(frozen=True)
class Situation:
    """What is the matter with a row: columns by what they mean, and choices of the person that stand."""

    row: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[tuple[str, UUID | None, str], ...] = ()
    """Purpose ("" for the one that looks), organisation, and state."""


ASKED = ("", None, "given")
LOGGED = {"id": LOOK, "entry": LOOK, "at": "2000-01-01", "subject": SOMEBODY}
"""A look of long ago, by the one who acts and at the one who acts: whoever may find any finds this one."""
SITUATIONS = {
    "restricted": Situation(choices=(ASKED, ("*", None, "restricted"))),
    "protected": Situation(choices=(ASKED, ("protection", None, "restricted"))),
    "objected": Situation(choices=(("", None, "objected"),)),
    "objected_to_this_organisation": Situation(choices=(("", OURS, "objected"),)),
    "without_consent": Situation(),
    "withdrawn": Situation(choices=(("", None, "withdrawn"),)),
    "withdrawn_for_this_organisation": Situation(choices=(ASKED, ("", OURS, "withdrawn"))),
    "of_another_organisation": Situation({"organisation": THEIRS}, (ASKED,)),
    "about_another_purpose": Situation({"purpose": "winning_a_prize"}),
    "about_a_protection": Situation({"purpose": "protection"}),
    "for_another_purpose": Situation({"purpose": "winning_a_prize"}),
    "already_numbered": Situation({"version": 7}),
    "in_anothers_name": Situation({"actor": THEIRS, "subject": THEIRS}),
    "of_today": Situation({"at": "now"}),
}


class Case(NamedTuple):
    """One role that does one thing with a table in a situation.

    `owner` is the purpose whose row it is in a table that keeps rows of purposes; mostly the one that acts.
    """

    table: str
    actor: str
    owner: str
    command: str
    name: str
    situation: Situation
    says: str


class Policy(NamedTuple):
    """One policy as found."""

    table: str
    name: str
    purpose: str
    command: str
    shown: str | None
    written: str | None


@dataclass(frozen=True)
class Rows:
    """One database: what a row of each table is made of, its policies, and who may do what at all."""

    ledger: Ledger
    types: Mapping[str, Mapping[str, str]]
    checks: Mapping[str, tuple[str, ...]]
    policies: tuple[Policy, ...]
    topics: Mapping[str, tuple[str, ...]]
    """The topics that each purpose may say, by law."""

    def can(self, table: str, purpose: str, command: str) -> tuple[str, ...]:
        """The columns with which a purpose may do this at all; ("",) for DELETE."""
        found = {
            one.reach.column
            for one in self.ledger.grants
            if (one.purpose, one.reach.table, one.reach.privilege) == (purpose, table, command)
        }
        return tuple(name for name in ("", *self.types[table]) if name in found)


async def rows_of(ledger: Ledger, connection: Any, topics: Mapping[str, tuple[str, ...]]) -> Rows:
    """What the catalogue of a database says about rows."""
    types: dict[str, dict[str, str]] = {}
    for row in await connection.fetch(SHAPES):
        types.setdefault(row["name"], {})[row["column"]] = row["type"]
    checks: dict[str, tuple[str, ...]] = {}
    for row in await connection.fetch(CHECKS):
        checks[row["name"]] = (*checks.get(row["name"], ()), row["conname"])
    policies = []
    for row in await connection.fetch(POLICIES):
        purpose = row["policy"].removeprefix(f"{ledger.service}__").rpartition(".")[0]
        command = COMMANDS[row["letter"]]
        policies.append(Policy(row["name"], row["policy"], purpose, command, row["shown"], row["written"]))
    return Rows(ledger, types, checks, tuple(policies), topics)


def cases(rows: Rows) -> list[Case]:
    """What the laws of rows say about a database: situations, by every way that grants leave open."""
    found = [*_of_owners(rows), *_of_topics(rows)]
    for name, law in tomllib.loads((FOLDER / "rows.toml").read_text(encoding="utf-8")).items():
        for word, commands in (("find", ("SELECT", "UPDATE", "DELETE")), ("write", ("INSERT",))):
            for line in law.get(word, ()):
                for table, purpose in _named(line, rows):
                    found += [
                        Case(table, purpose, purpose, command, name, SITUATIONS[name], law["says"])
                        for command in commands
                        if rows.can(table, purpose, command)
                    ]
    return found


def _of_owners(rows: Rows) -> Iterator[Case]:
    """Whoever owns the tables makes them: row security is forced on them too, and they find no row."""
    says = "The owner of the tables finds and writes no row: they are there for migrations."
    for policy in rows.policies:
        topic = rows.topics.get(policy.purpose, ("",))[0]
        situation = Situation({"topic": topic}, (ASKED,))
        yield Case(policy.table, "owner", policy.purpose, policy.command, "owning it", situation, says)


def _of_topics(rows: Rows) -> Iterator[Case]:
    """A purpose leaves letters about its own topics: neither another's nor what nobody says."""
    says = "A purpose leaves letters about its own topics only."
    every = {topic for topics in rows.topics.values() for topic in topics}
    for purpose in rows.ledger.purposes:
        if purpose != RELAY and rows.can("outbox", purpose, "INSERT"):
            for topic in [*sorted(every - set(rows.topics.get(purpose, ()))), GOSSIP]:
                situation = Situation({"topic": topic})
                yield Case("outbox", purpose, purpose, "INSERT", f"about {topic}", situation, says)


def _named(line: str, rows: Rows) -> Iterator[tuple[str, str]]:
    place, _, purposes = line.partition(":")
    service, _, tables = place.partition(" ")
    if service not in ("*", rows.ledger.service):
        return
    some, _, others = purposes.partition(" but ")
    left_out = set(_words(others)) | (FORGETTERS if "forgetting" in others else set())
    named = set(rows.ledger.purposes) - {RELAY} if some.strip() == "everyone" else set(_words(some))
    for table in _words(tables):
        for purpose in sorted(named - left_out):
            yield table, purpose


def _words(text: str) -> list[str]:
    return [word for word in (part.strip() for part in text.split(",")) if word]


async def reaches(connection: Any, rows: Rows, case: Case, situation: Situation, widened: str = "") -> bool:
    """Whether a role finds or writes the row of a situation, in a transaction that is rolled back."""
    steps = [*_scene(rows, case, situation), *filter(None, [widened]), *_acting(rows.ledger.role(case.actor))]
    await connection.execute("BEGIN")
    try:
        done = await connection.execute("; ".join([*steps, _doing(rows, case, situation)]))
    except asyncpg.InsufficientPrivilegeError:
        return False
    except asyncpg.IntegrityConstraintViolationError:
        # Policies are asked first: a row that meets a constraint has passed them.
        return True
    finally:
        await connection.execute("ROLLBACK")
    return touched(done) > 0


def _scene(rows: Rows, case: Case, situation: Situation) -> Iterator[str]:
    """The row that is meant, and its person's choices; constraints are out of the way until the rollback."""
    yield "SET LOCAL session_replication_role = replica"
    for table in {case.table, "gate"}:
        for check in rows.checks.get(table, ()):
            yield f'ALTER TABLE {table} DROP CONSTRAINT "{check}"'
    if case.command != "INSERT":
        yield _insert(rows, case.table, tuple(rows.types[case.table]), _meant(case, situation))
    if case.command != "INSERT" and case.table == "access_entry":
        yield _insert(rows, "access_subject", ("subject", "at", "entry"), _meant(case, situation))
    if case.table != "gate":
        for purpose, organisation, state in situation.choices:
            meant = {"subject": SUBJECT, "purpose": purpose or case.owner, "organisation": organisation}
            meant |= {"channel": "*", "state": state, "version": 1}
            yield _insert(rows, "gate", tuple(rows.types["gate"]), meant)


def _meant(case: Case, situation: Situation) -> dict[str, object]:
    """What the columns of the row mean, in a row that the purpose would find where all is well."""
    log = LOGGED if case.table.startswith("access_") else {}
    usual = {"subject": SUBJECT, "organisation": OURS, "purpose": case.owner, "version": 0}
    # An organisation's own row is known by its own id.
    own = {"id": situation.row.get("organisation", OURS)} if case.table == "organisation" else {}
    return {**usual, **log, **own, **situation.row}


def _insert(rows: Rows, table: str, columns: Iterable[str], meant: Mapping[str, object]) -> str:
    named = {column: _value(rows.types[table][column], column, meant) for column in columns}
    names = ", ".join(f'"{column}"' for column in named)
    return f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE VALUES ({", ".join(named.values())})'


def _value(kind: str, column: str, meant: Mapping[str, object]) -> str:
    meaning = {**dict.fromkeys(SUBJECTS, "subject"), **dict.fromkeys(ORGANISATIONS, "organisation")}
    word = meaning.get(column, column)
    if column == "actor":
        return f"'{meant.get(column, SOMEBODY)}'"
    if word in meant:
        return "NULL" if meant[word] is None else f"'{meant[word]}'"
    return FILLING[kind]


def _acting(role: str) -> Iterator[str]:
    """What the chassis sets for a transaction, and the login that acts."""
    yield f"SET LOCAL app.actor = '{SOMEBODY}'"
    yield f"SET LOCAL app.organisation = '{OURS}'"
    yield f'SET LOCAL SESSION AUTHORIZATION "{role}"'


def _doing(rows: Rows, case: Case, situation: Situation) -> str:
    """The statement: no WHERE, so that grants on the columns of WHERE play no part."""
    columns = [name for name in rows.can(case.table, case.owner, case.command) if name]
    table = f'"{case.table}"'
    if case.command == "INSERT":
        return _insert(rows, case.table, columns, _meant(case, situation))
    if case.command == "UPDATE":
        kind = rows.types[case.table][columns[0]]
        return f'UPDATE {table} SET "{columns[0]}" = {_value(kind, columns[0], _meant(case, situation))}'
    return f"DELETE FROM {table}" if case.command == "DELETE" else f"SELECT FROM {table}"


async def complaints(connection: Any, rows: Rows, known: Iterable[Case]) -> list[str]:
    """What the laws of rows have to say: nobody reaches what is hidden, everybody what is not."""
    found = []
    for case in known:
        if case.actor == case.owner and not await reaches(connection, rows, case, well(rows, case)):
            found.append(f"{told(rows, case)}: not even where all is well. {case.says}")
        if await reaches(connection, rows, case, case.situation):
            found.append(f"{told(rows, case)}. {case.says}")
    return found


def well(rows: Rows, case: Case) -> Situation:
    """Nothing is the matter; a letter has a topic of the purpose's own."""
    return Situation({"topic": rows.topics.get(case.owner, ("",))[0]}, (ASKED,))


def told(rows: Rows, case: Case) -> str:
    """A case in words."""
    return f"{rows.ledger.service}: {case.actor} {case.command} {case.table} of {case.owner}, {case.name}"


def widenings(rows: Rows, policy: Policy) -> Iterator[tuple[str, str]]:
    """Every way in which a policy can be wider by one step, in words and as a statement."""
    alter = f'ALTER POLICY "{policy.name}" ON "{policy.table}"'
    if not any(asked in (policy.shown or "") for asked in ASKS_ELSEWHERE):
        yield "for PUBLIC", f"{alter} TO PUBLIC"
    if policy.shown in (None, "true") and policy.written in (None, "true"):
        return
    using = "" if policy.command == "INSERT" else "USING ({0})"
    check = "WITH CHECK (true)" if policy.command in ("INSERT", "UPDATE") else ""
    yield "for every row", f"{alter} {using.format('true')} {check}"
    if policy.command == "INSERT":
        return
    parts = conjuncts(policy.shown or "true")
    for number, part in enumerate(parts) if len(parts) > 1 else ():
        rest = " AND ".join(parts[:number] + parts[number + 1 :])
        yield f"without {' '.join(part.split())[:90]}", f"{alter} {using.format(rest)} {check}"


def conjuncts(condition: str) -> list[str]:
    """The parts of a condition as PostgreSQL writes it: ((a) AND (b) AND (c))."""
    inner = condition[1:-1] if _closes(condition) == len(condition) - 1 else condition
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and inner.startswith(" AND ", place):
            parts.append(inner[start:place])
            start = place + len(" AND ")
    return [*parts, inner[start:]]


def _closes(condition: str) -> int:
    """Where the bracket closes that a condition begins with."""
    depth = 0
    for place, letter in enumerate(condition):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place
    return -1


async def noticed(connection: Any, rows: Rows, known: Iterable[Case], policy: Policy, statement: str) -> bool:
    """Whether a law of rows complains about a wider policy that it was content with before."""
    for case in known:
        concerned = (case.table, case.command, case.owner) == (policy.table, policy.command, policy.purpose)
        if concerned and await reaches(connection, rows, case, case.situation, statement):
            return True
    return False
