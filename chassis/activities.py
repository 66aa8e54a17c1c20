"""What each service does with data of persons, for one purpose each, read from the charters.

The record of processing, the public statement and the READMEs are made from these (Art. 30(1), W-21, W-50).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chassis.charter import Charter, Keep, Table
from chassis.purposes import EVERYTHING, KnownPurpose, known_purposes
from chassis.terms import ACTIVITY
from contracts.personal import Category

DAYS = {"Y": 366.0, "M": 31.0, "W": 7.0, "D": 1.0, "H": 1 / 24, "S": 0.0}
BOOKKEEPING = "bookkeeping"


@dataclass(frozen=True, order=True)
class Held:
    """One category and its longest term (ISO 8601), counted from an instant, and what follows then.

    `since_activity` counts from the person's last activity (G-41), otherwise from what the row is about.
    """

    category: Category
    term: str
    then: str
    since_activity: bool


@dataclass(frozen=True)
class Activity:
    """One purpose in one service: who acts for it, and what it holds of persons."""

    service: str
    purpose: KnownPurpose
    actors: tuple[str, ...]
    held: tuple[Held, ...]

    @property
    def categories(self) -> tuple[Category, ...]:
        """The categories held, in the order of contracts/personal.py."""
        held = {one.category for one in self.held}
        return tuple(category for category in Category if category in held)


def days(term: str) -> float:
    """About how many days an ISO 8601 duration of one unit lasts, to compare terms."""
    number, unit = re.findall(r"\d+", term)[0], term[-1]
    return int(number) * (1 / 1440 if "T" in term and unit == "M" else DAYS[unit])


def activities(charters: Mapping[str, Charter]) -> tuple[Activity, ...]:
    """Every purpose that some service holds data of persons for, in the order of purposes.toml."""
    return tuple(
        Activity(service, purpose, _actors(charter, name), _longest(_held(charter, purpose)))
        for name, purpose in known_purposes().items()
        for service, charter in sorted(charters.items())
        if any(_held(charter, purpose))
    )


def _actors(charter: Charter, purpose: str) -> tuple[str, ...]:
    entry = charter.purpose.get(purpose)
    return tuple(sorted(role.value for role in entry.actors)) if entry else ()


def _longest(held: Iterator[Held]) -> tuple[Held, ...]:
    """One entry per category, the one that is kept longest."""
    found: dict[Category, Held] = {}
    for one in held:
        known = found.get(one.category)
        if known is None or days(known.term) < days(one.term):
            found[one.category] = one
    return tuple(found[category] for category in Category if category in found)


def _held(charter: Charter, purpose: KnownPurpose) -> Iterator[Held]:
    for name, table in charter.table.items():
        for column in table.column.values():
            if purpose.id in column.purposes:
                yield _kept(charter.keep[column.keep], column.category, purpose.id)
        if table.keep and purpose.id in table.serves:
            yield _kept(charter.keep[table.keep], Category.SUBJECT, purpose.id)
        yield from _told(charter, name, table, purpose)


def _told(charter: Charter, name: str, table: Table, purpose: KnownPurpose) -> Iterator[Held]:
    """What a table without persons tells of whoever stands beside it, until that row goes."""
    entry = charter.purpose.get(purpose.id)
    if table.through is None or entry is None or name not in entry.uses or EVERYTHING in purpose.data:
        return
    beside = charter.table[table.through].rules
    rule = max((charter.keep[one] for one in beside), key=lambda keep: days(keep.term))
    for category in table.tells:
        if purpose.covers(category):
            yield _kept(rule, category, purpose.id)


def _kept(rule: Keep, category: Category, purpose: str) -> Held:
    for_books = rule.then == "books" and purpose == BOOKKEEPING
    term = rule.books_term if for_books else rule.term
    then = "anonymise" if rule.then == "anonymise" else "erase"
    return Held(category, term, then, rule.since == ACTIVITY)
