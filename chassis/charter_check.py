"""Whether a charter can be true: its words against the vocabulary, its columns against the migrations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chassis.charter_cover import cover_faults
from chassis.charter_words import RIGHTS, STORAGE_LIMITATION, TERM, CharterError
from chassis.purposes import known_purposes
from chassis.terms import ACTIVITY, emptied_columns
from contracts.catalogue import events

if TYPE_CHECKING:
    from chassis.charter import Charter, Table, Use

CATALOGUE = """
SELECT c.relname AS table_name, a.attname AS column_name, t.typname AS type, NOT a.attnotnull AS nullable
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
ORDER BY c.relname, a.attnum
"""
DATED = frozenset(("date", "timestamptz"))


@dataclass(frozen=True, slots=True)
class ColumnInDatabase:
    """One column as PostgreSQL knows it."""

    type: str
    nullable: bool


Catalogue = Mapping[str, Mapping[str, ColumnInDatabase]]


async def catalogue_of(connection: Any) -> Catalogue:
    """Tables and columns of the database behind an asyncpg connection."""
    found: dict[str, dict[str, ColumnInDatabase]] = {}
    for row in await connection.fetch(CATALOGUE):
        columns = found.setdefault(row["table_name"], {})
        columns[row["column_name"]] = ColumnInDatabase(row["type"], row["nullable"])
    return found


def check_words(charter: Charter, place: str) -> None:
    """Purposes, topics, terms and keep rules must be known and used; raises CharterError, a sentence each."""
    sentences = [
        *_purpose_words(charter),
        *_use_words(charter),
        *_table_words(charter),
        *_rule_words(charter),
        *cover_faults(charter),
    ]
    if sentences:
        raise CharterError(*[f"{place}: {sentence}" for sentence in sentences])


def check_columns(charter: Charter, catalogue: Catalogue) -> None:
    """Every column has an entry and every entry a column; raises CharterError with every sentence."""
    place = f"{charter.service}/charter.toml"
    sentences = [
        *_unexplained(charter, catalogue),
        *_unmade(charter, catalogue),
        *_uses_of_columns(charter, catalogue),
        *_impossible_terms(charter, catalogue),
    ]
    if sentences:
        raise CharterError(*[f"{place}: {sentence}" for sentence in sentences])


def _purpose_words(charter: Charter) -> Iterator[str]:
    heard: dict[str, str] = {}
    for name, purpose in charter.purpose.items():
        for unknown in sorted({name, *purpose.sees_choices_of} - set(known_purposes())):
            yield f"[purpose.{name}] names the purpose {unknown}, which is not in contracts/purposes.toml"
        yield from _topic_words(charter, name)
        for topic in purpose.hears:
            if topic in heard:
                yield f"[purpose.{name}] hears {topic}, which {heard[topic]} hears already"
            heard[topic] = name


def _topic_words(charter: Charter, name: str) -> Iterator[str]:
    topics, purpose = events(), charter.purpose[name]
    for topic in (*purpose.says, *purpose.hears):
        if topic not in topics:
            yield f"[purpose.{name}] names the topic {topic}, which no contract knows"
    for topic in purpose.says:
        if not topic.startswith(f"{charter.service}."):
            yield f"[purpose.{name}] says {topic}, which is another service's word"
    for topic in purpose.hears:
        if topic in topics and name not in topics[topic].purposes:
            meant = ", ".join(topics[topic].purposes)
            yield f"[purpose.{name}] hears {topic}, which is meant for {meant} only"


def _use_words(charter: Charter) -> Iterator[str]:
    for name, purpose in charter.purpose.items():
        for table, use in purpose.uses.items():
            place = f"[purpose.{name}.uses.{table}]"
            known = charter.table.get(table)
            if known is None:
                yield f"{place} names a table without an entry"
            elif known.free is not True and "*" in (*use.select, *use.insert, *use.update):
                yield f'{place} asks for "*" of a table with personal data'
            if (use.update or use.delete) and not use.select:
                yield f"{place} changes rows that it cannot see: add the columns of WHERE to select"


def _table_words(charter: Charter) -> Iterator[str]:
    for name, table in charter.table.items():
        place = f"[table.{name}]"
        if table.free is True and (table.subject or table.column):
            yield f"{place} is declared free of personal data and yet has some"
        if table.column and not table.subject:
            yield f"{place} holds personal data without a subject column"
        if table.subject and not table.rules:
            yield f"{place} holds a subject without a keep rule"
        for rule in sorted(set(table.rules) - set(charter.keep)):
            yield f"{place} names the keep rule {rule}, which is not there"
        yield from _column_words(name, table)


def _column_words(name: str, table: Table) -> Iterator[str]:
    for column, entry in table.column.items():
        for purpose in sorted(set(entry.purposes) - set(known_purposes())):
            yield f"[table.{name}.column.{column}] names the purpose {purpose}, which nobody knows"


def _rule_words(charter: Charter) -> Iterator[str]:
    used = {rule for table in charter.table.values() for rule in table.rules}
    for name, rule in charter.keep.items():
        if not TERM.match(rule.term) or not TERM.match(rule.books_term):
            yield f"[keep.{name}] has a term that is no ISO 8601 duration"
        if name not in used:
            yield f"[keep.{name}] is used by no column"


def _unexplained(charter: Charter, catalogue: Catalogue) -> Iterator[str]:
    for table, columns in catalogue.items():
        entry = charter.table.get(table)
        if entry is None:
            yield f"[table.{table}] is missing: migrations create this table and nothing explains it"
        elif entry.free is not True:
            for column in columns:
                if column not in _explained(entry):
                    yield f"[table.{table}.column.{column}] is missing: nothing explains this column"


def _unmade(charter: Charter, catalogue: Catalogue) -> Iterator[str]:
    for name, table in charter.table.items():
        if name not in catalogue:
            yield f"[table.{name}] names a table that migrations do not create"
            continue
        for column in _explained(table):
            if column not in catalogue[name]:
                where = (
                    f"[table.{name}.column.{column}]"
                    if column in table.column
                    else f"[table.{name}] {column}"
                )
                yield f"{where} names a column that migrations do not create"


def _uses_of_columns(charter: Charter, catalogue: Catalogue) -> Iterator[str]:
    for name, purpose in charter.purpose.items():
        for table, use in purpose.uses.items():
            for column in sorted(_named(use) - set(catalogue.get(table, {})) - {"*"}):
                place = f"[purpose.{name}.uses.{table}]"
                yield f"{place} names the column {column}, which migrations do not create"
            yield from _beyond_purpose(charter, name, table, use)


def _beyond_purpose(charter: Charter, purpose: str, table: str, use: Use) -> Iterator[str]:
    """No purpose borrows data from another (W-11): a personal column is used for its own purposes only.

    The gate is left to its row policies: a sale writes the choice that was just made for another purpose.
    """
    entry = charter.table.get(table)
    if entry is None or table == "gate" or purpose in (RIGHTS, STORAGE_LIMITATION):
        return
    for column in sorted(_named(use) & set(entry.column)):
        if purpose not in entry.column[column].purposes:
            yield (
                f"[purpose.{purpose}.uses.{table}] takes the column {column}, "
                f"which is held for {', '.join(entry.column[column].purposes)} only"
            )


def _impossible_terms(charter: Charter, catalogue: Catalogue) -> Iterator[str]:
    for name, table in charter.tables_of_persons().items():
        columns = catalogue.get(name, {})
        for rule_name in table.rules:
            since = charter.keep[rule_name].since
            if since != ACTIVITY and (since not in columns or columns[since].type not in DATED):
                yield f"[keep.{rule_name}] counts from {since}, which is no date or instant of {name}"
        for column in sorted(emptied_columns(charter, table)):
            if column in columns and not columns[column].nullable:
                yield f"[table.{name}] {column} must be emptied one day and is NOT NULL"


def _explained(table: Table) -> tuple[str, ...]:
    own = [name for name in (table.subject, table.organisation) if name]
    return tuple(dict.fromkeys((*own, *table.free_columns, *table.personal_columns)))


def _named(use: Use) -> set[str]:
    return {*use.select, *use.insert, *use.update}
