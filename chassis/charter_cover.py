"""Whether a charter's purposes can be true of its data: covered by their basis, and reachable (W-11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from chassis.charter_words import RIGHTS, STORAGE_LIMITATION
from chassis.purposes import KnownPurpose, known_purposes, outlast_restriction
from contracts.actors import STAFF, Role
from contracts.catalogue import events
from contracts.envelope import Event
from contracts.personal import Category, personal_fields

if TYPE_CHECKING:
    from chassis.charter import Charter, Column, Purpose, Table

GENERATED = frozenset((RIGHTS, STORAGE_LIMITATION))
"""Purposes whose grants are made from the tables themselves: they reach every table of persons."""


def cover_faults(charter: Charter) -> Iterator[str]:
    """Sentences about data that no basis covers, and about rules that nothing can reach."""
    for name, table in charter.table.items():
        yield from _table_faults(charter, name, table)
    for name, purpose in charter.purpose.items():
        yield from _reach_faults(name, purpose)
        if name in known_purposes():
            yield from _hearing_faults(name, purpose)
            yield from _gate_faults(charter, name, purpose)


def event_faults(known: Mapping[str, type[Event]]) -> Iterator[str]:
    """Sentences about events whose purposes are unknown, or whose fields none of their purposes covers."""
    purposes = known_purposes()
    for topic, event in sorted(known.items()):
        for unknown in sorted(set(event.purposes) - set(purposes)):
            yield f"{topic} is meant for {unknown}, which is not in contracts/purposes.toml"
        meant = [purposes[name] for name in event.purposes if name in purposes]
        for field, category in personal_fields(event).items():
            if not any(purpose.covers(category) for purpose in meant):
                yield f"{topic} carries {category.value} in {field}, which {_names(meant)} may not take"


def _table_faults(charter: Charter, name: str, table: Table) -> Iterator[str]:
    for column, entry in table.column.items():
        place = f"[table.{name}.column.{column}]"
        for purpose in entry.purposes:
            yield from _column_faults(charter, f"{place} is held for {purpose}", purpose, name, column, entry)
    if table.tells and (table.free is not True or table.through not in charter.tables_of_persons()):
        yield f"[table.{name}] tells of a person, and names no table of persons that it does so through"
    if table.keep and not table.serves:
        yield f"[table.{name}] keeps a subject and does not say which purposes that serves"
    for unknown in sorted(set(table.serves) - set(known_purposes())):
        yield f"[table.{name}] serves the purpose {unknown}, which is not in contracts/purposes.toml"


def _column_faults(
    charter: Charter, held: str, purpose: str, table: str, column: str, entry: Column
) -> Iterator[str]:
    known = known_purposes().get(purpose)
    if known is None:
        return
    if not known.covers(entry.category):
        yield f"{held}, whose basis does not cover {entry.category.value}: {_covered(known)}"
    if purpose not in charter.purpose:
        yield f"{held}, which nobody acts for in this service"
    elif purpose not in GENERATED and not _reaches(charter.purpose[purpose], table, column):
        yield f"{held}, which does not use it: no grant reaches this rule"


def _reaches(purpose: Purpose, table: str, column: str) -> bool:
    use = purpose.uses.get(table)
    return use is not None and column in {*use.select, *use.insert, *use.update}


def _reach_faults(name: str, purpose: Purpose) -> Iterator[str]:
    if not purpose.actors:
        yield f"[purpose.{name}] has no actors, so nobody can reach it"
    for role in sorted({*purpose.bulk} - ({*purpose.actors} & STAFF)):
        yield f"[purpose.{name}] lets {role.value} look in bulk, who is no actor of staff for it"
    if purpose.hears and Role.SYSTEM_JOB not in purpose.actors:
        yield f"[purpose.{name}] hears events, and system_job, who listens, may not act for it"
    for other in purpose.sees_choices_of:
        known = known_purposes().get(other)
        if known is not None and known.gate == "none":
            yield f"[purpose.{name}] sees choices of {other}, about which nobody can choose"


def _hearing_faults(name: str, purpose: Purpose) -> Iterator[str]:
    purposes, topics = known_purposes(), events()
    for unknown in sorted(set(purpose.hears_for) - set(purposes)):
        yield f"[purpose.{name}] hears for {unknown}, which is not in contracts/purposes.toml"
    listening = [purposes[one] for one in (name, *purpose.hears_for) if one in purposes]
    for topic in purpose.hears:
        for field, category in personal_fields(topics[topic]).items() if topic in topics else ():
            if not any(one.covers(category) for one in listening):
                yield (
                    f"[purpose.{name}] hears {topic}, whose {field} is {category.value}, "
                    f"which {_names(listening)} may not take: say in hears_for whom it is handed to"
                )


def _gate_faults(charter: Charter, name: str, purpose: Purpose) -> Iterator[str]:
    """A choice is about a channel (F-67); who is only stored is not looked at (Art. 18)."""
    known = known_purposes()[name]
    if known.survives_restriction and purpose.while_restricted != "hidden":
        yield f"[purpose.{name}] says while_restricted, and goes on anyhow: contracts/purposes.toml"
    for table, use in purpose.uses.items():
        entry, place = charter.table.get(table), f"[purpose.{name}.uses.{table}]"
        if entry is None or not entry.subject or outlast_restriction(entry.held_for):
            continue
        if known.gate != "none" and use.select and use.channel is None:
            yield f'{place} sees people who can refuse and names no channel; "*" is one'
        if known.gate == "none" and use.channel is not None:
            yield f"{place} names a channel, and nobody can choose about {name}"
        seen = sorted({*use.select} & {*entry.column} - {entry.subject})
        if purpose.while_restricted == "stored" and seen:
            yield f"{place} only stores whoever restricted processing, and looks at {', '.join(seen)}"


def _covered(purpose: KnownPurpose) -> str:
    words = ", ".join(one.value if isinstance(one, Category) else one for one in purpose.data)
    return f"contracts/purposes.toml gives it {words or 'no data of persons'}"


def _names(purposes: list[KnownPurpose]) -> str:
    return " or ".join(one.id for one in purposes) or "nobody"
