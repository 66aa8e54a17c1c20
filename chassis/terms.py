"""What forgetting does to each table: pure plans made from a charter, carried out by chassis/forgetting.py.

The same holdings serve the copy, so that erasure covers exactly what the copy covers (Art. 15 and 17).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chassis.purposes import is_legal_duty

if TYPE_CHECKING:
    from chassis.charter import Charter, Keep, Table

ACTIVITY = "activity"
FORGETTING = frozenset(("erasure", "anonymisation", "copy", "recall", "sweep", "subject"))
"""The middle word of topics that go on after a person was forgotten: they are how forgetting is told.

Whose a guest is (`accounts.subject.merged`) is among them: who was erased takes their guests along.
"""
_Fate = Callable[["Charter", "Table"], str]
_DAYS = {"Y": 365, "M": 30, "W": 7, "D": 1}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of forgetting: delete rows, empty columns, or leave rows for the books.

    `since` and `term` (ISO 8601) are set for sweeps; without them the step concerns one subject.
    """

    table: str
    subject: str
    action: Literal["delete", "empty", "keep"]
    columns: tuple[str, ...] = ()
    since: str | None = None
    term: str | None = None


def is_forgetting(topic: str) -> bool:
    """Whether a topic belongs to forgetting itself and so still reaches a service that forgot the person."""
    return topic.split(".")[1] in FORGETTING


def erasure_steps(charter: Charter) -> tuple[Step, ...]:
    """What an erasure does: later tables first, because they refer to earlier ones."""
    return tuple(_one_person(charter, lambda _charter, table: table.on_erasure))


def anonymisation_steps(charter: Charter) -> tuple[Step, ...]:
    """What forgetting after the last activity does (G-41): as its rule says, else as erasure does."""
    return tuple(_one_person(charter, _after_activity))


def sweep_steps(charter: Charter, job: str = "sweep") -> tuple[Step, ...]:
    """What is due when a date passes (W-20), for the keep rules that this job carries out."""
    return tuple(
        step
        for name, table in _later_first(charter)
        for rule_name, columns in table.rules.items()
        if charter.keep[rule_name].job == job and charter.keep[rule_name].since != ACTIVITY
        for step in _due(charter, name, table, rule_name, columns)
    )


def emptied_columns(charter: Charter, table: Table) -> set[str]:
    """Columns that some step sets to NULL one day, so that migrations must allow NULL there."""
    steps = [*erasure_steps(charter), *anonymisation_steps(charter)]
    steps += [step for job in charter.jobs() for step in sweep_steps(charter, job)]
    return {column for step in steps if charter.table[step.table] is table for column in step.columns}


def _later_first(charter: Charter) -> Iterable[tuple[str, Table]]:
    return reversed(charter.tables_of_persons().items())


def _one_person(charter: Charter, fate: _Fate) -> Iterator[Step]:
    for name, table in _later_first(charter):
        if table.on_erasure != "log":
            yield _step(name, table, fate(charter, table))


def _after_activity(charter: Charter, table: Table) -> str:
    fates = [charter.keep[rule].then for rule in table.rules if charter.keep[rule].since == ACTIVITY]
    return fates[0] if fates and table.on_erasure != "keep" else table.on_erasure


def _step(name: str, table: Table, fate: str) -> Step:
    subject = table.subject or ""
    if fate == "erase":
        return Step(name, subject, "delete")
    if fate == "anonymise":
        return Step(name, subject, "empty", tuple(dict.fromkeys((*table.personal_columns, subject))))
    if fate == "books":
        return Step(name, subject, "keep", _not_for_the_books(table, table.personal_columns))
    return Step(name, subject, "keep")


def _due(
    charter: Charter, name: str, table: Table, rule_name: str, columns: tuple[str, ...]
) -> Iterator[Step]:
    rule = charter.keep[rule_name]
    subject = table.subject or ""
    whole_row = _last_rule(charter, table) == rule_name
    if rule.then == "books":
        unneeded = _not_for_the_books(table, columns)
        if unneeded:
            yield Step(name, subject, "empty", unneeded, rule.since, rule.term)
        if whole_row:
            yield Step(name, subject, "delete", (), rule.since, rule.books_term)
    elif rule.then == "erase" and whole_row:
        yield Step(name, subject, "delete", (), rule.since, rule.term)
    else:
        emptied = tuple(dict.fromkeys((*columns, subject))) if whole_row else columns
        yield Step(name, subject, "empty", emptied, rule.since, rule.term)


def _last_rule(charter: Charter, table: Table) -> str | None:
    """The rule at whose term nothing personal is left; None while something waits for the last activity."""
    rules = {name: charter.keep[name] for name in table.rules}
    if any(rule.since == ACTIVITY for rule in rules.values()):
        return None
    return max(rules, key=lambda name: _days(rules[name]), default=None)


def _days(rule: Keep) -> int:
    term = rule.books_term if rule.then == "books" else rule.term
    return sum(int(count) * _DAYS[unit] for count, unit in re.findall(r"(\d+)([YMWD])", term.split("T")[0]))


def _not_for_the_books(table: Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        c for c in columns if not any(is_legal_duty(purpose) for purpose in table.column[c].purposes)
    )
