"""The laws: who may read, add, change and remove which data. Written by hand, by data and not by purpose.

A file of laws/ has a section for each table: a sentence, and for each of the four words who may do that with
which columns ("name, email: contract_exchange"). Whoever is not named is refused, and that is tried. A word
that is left out is no law: nobody would notice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).with_name("laws")
EVERYWHERE = FOLDER / "everywhere.toml"
WORDS = {"read": "SELECT", "add": "INSERT", "change": "UPDATE", "remove": "DELETE"}
EVERYONE, FORGETTING, RELAY = "everyone", "forgetting", "carry"
"""Groups name several purposes; `everyone` is every purpose of the service, the relay is none."""
FORGETTERS = frozenset({"rights", "storage_limitation"})

Columns = Mapping[str, tuple[str, ...]]
"""Every column of every table of a database."""


class Reach(NamedTuple):
    """One privilege on one column; `column` is "" for DELETE, which concerns whole rows."""

    table: str
    column: str
    privilege: str


@dataclass(frozen=True)
class Law:
    """Who may do one thing with one table: purposes by column, "*" for every column."""

    table: str
    privilege: str
    says: str
    allowed: tuple[tuple[frozenset[str], tuple[str, ...], frozenset[str]], ...]
    """Columns (or "*"), columns that are left out, and the purposes that may."""

    def reaches(self, columns: Columns) -> Iterator[tuple[Reach, frozenset[str]]]:
        """Everything that this law speaks about, with the purposes that may."""
        for column in ("",) if self.privilege == "DELETE" else columns[self.table]:
            may = [who for named, but, who in self.allowed if column not in but and {"*", column} & named]
            yield Reach(self.table, column, self.privilege), frozenset().union(*may)


@dataclass(frozen=True)
class Spoken:
    """What a law says about one reach."""

    may: frozenset[str]
    law: Law


def laws_of(service: str, purposes: Iterable[str]) -> list[Law]:
    """The laws of a service, those that hold everywhere included. ValueError for a word nobody knows."""
    own = tomllib.loads((FOLDER / f"{service}.toml").read_text(encoding="utf-8"))
    everywhere = tomllib.loads(EVERYWHERE.read_text(encoding="utf-8"))
    groups = {EVERYONE: frozenset(purposes), RELAY: frozenset({RELAY}), FORGETTING: FORGETTERS}
    for name, words in own.pop("groups", {}).items():
        groups[name] = _named(words, groups)
    # What a service says about a table goes before what holds everywhere, word by word.
    tables = {name: {**everywhere.get(name, {}), **own.get(name, {})} for name in {**everywhere, **own}}
    return [law for name, entry in tables.items() for law in _laws(name, entry, groups)]


def spoken(laws: Iterable[Law], columns: Columns) -> dict[Reach, Spoken]:
    """What is said about each reach."""
    return {reach: Spoken(may, law) for law in laws for reach, may in law.reaches(columns)}


@dataclass(frozen=True)
class Said:
    """One line of letters.toml: a topic, the service and purposes that say it, the services that listen."""

    topic: str
    service: str
    purposes: tuple[str, ...]
    listeners: tuple[str, ...]


def letters() -> list[Said]:
    """Everything that is said in the house, by law."""
    told = tomllib.loads((FOLDER / "letters.toml").read_text(encoding="utf-8"))
    return [
        Said(f"{service}.{name}", service, tuple(_words(by)), tuple(_words(to.replace("nobody", ""))))
        for service, topics in told.items()
        for name, line in topics.items()
        for by, _, to in [line.partition(" -> ")]
    ]


def topics_of(service: str) -> dict[str, tuple[str, ...]]:
    """The topics that each purpose of a service may say."""
    found: dict[str, tuple[str, ...]] = {}
    for said in letters():
        for purpose in said.purposes if said.service == service else ():
            found[purpose] = (*found.get(purpose, ()), said.topic)
    return found


def _laws(table: str, entry: Mapping[str, Any], groups: Mapping[str, frozenset[str]]) -> Iterator[Law]:
    unknown = set(entry) - {"says", *WORDS}
    if unknown or not entry.get("says"):
        raise ValueError(f"[{table}] says nothing, or knows no {', '.join(sorted(unknown))}")
    for word, privilege in WORDS.items():
        if word in entry:
            lines = [f"*: {entry[word]}"] if isinstance(entry[word], str) else entry[word]
            if privilege == "DELETE":
                lines = [f":{entry[word]}"]
            yield Law(table, privilege, entry["says"], tuple(_allowed(line, groups) for line in lines))


def _allowed(
    line: str, groups: Mapping[str, frozenset[str]]
) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    columns, _, purposes = line.partition(":")
    named, _, but = columns.partition(" but ")
    return frozenset(_words(named) or ("",)), tuple(_words(but)), _named(purposes, groups)


def _named(text: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Purposes and groups by name, and after "but" those that may not."""
    some, _, others = text.partition(" but ")
    return _united(some, groups) - _united(others, groups)


def _united(text: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for word in _words(text):
        if word not in groups and word not in groups[EVERYONE]:
            raise ValueError(f"no purpose and no group is called {word}")
        found |= groups.get(word, frozenset({word}))
    return found


def _words(text: str) -> list[str]:
    return [word for word in (part.strip() for part in text.split(",")) if word]
