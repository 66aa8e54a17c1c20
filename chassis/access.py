"""Who looked at whom: one entry per transaction in which staff, an organiser or a recipient saw people.

The entry is written with the COMMIT itself, so that there is no look without one, and costs no round trip of
its own. Nothing in it is free text; a visitor reads role, organisation, purpose and reason from it, never who
of the staff it was (Art. 5(2), 15, 32).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from chassis.charter import RIGHTS, STORAGE_LIMITATION, Charter, Table, Use
from chassis.reason import Reason
from contracts.actors import STAFF, Actor
from contracts.looks import LookKind

SALT_BYTES = 16
_WORD = re.compile(r"[a-z][a-z_-]{0,62}")
SEEN_SINCE = """
SELECT COALESCE(sum(most), 0) FROM (
    SELECT max(seen) AS most FROM access_entry
    WHERE kind = 'list' AND at > $1 AND (purpose <> $2 OR about IS DISTINCT FROM $3) GROUP BY purpose, about
) AS lists
"""
"""People in other lists that the actor was shown; the row policy leaves only the actor's own entries."""
LOCK_LOOKER = "SELECT pg_advisory_xact_lock(hashtextextended($1, 3))"


class LookUnsaid(RuntimeError):
    """A transaction in which staff could see people ended without saying whom: it is rolled back."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"somebody could see people for {purpose}: say saw(), saw_many() or saw_nobody()")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many people one may look at in bulk: in one list, and in all lists within an hour.

    The same list again, of an event for example, counts once.
    """

    per_answer: int = 5_000
    per_hour: int = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One look, as it is kept. `subjects` are sorted; `at` is aware UTC."""

    id: UUID
    at: datetime
    actor: UUID
    role: str
    organisation: UUID | None
    purpose: str
    reason: str | None
    case: UUID | None
    kind: str
    about: UUID | None
    subjects: tuple[UUID, ...]

    def hash(self, salt: bytes) -> bytes:
        """SHA-256 over the salt and every field: who knows the hash alone learns nothing."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        who = [str(self.actor), self.role, _text(self.organisation)]
        why = [self.purpose, self.reason, _text(self.case), self.kind, _text(self.about)]
        told = json.dumps([str(self.id), at, *who, *why, [str(one) for one in self.subjects]])
        return hashlib.sha256(salt + told.encode()).digest()

    def insert(self, salt: bytes) -> str:
        """The statements that write it, without parameters, so that they can travel together with COMMIT."""
        return inserts([(self, salt)])

    def row(self, salt: bytes) -> str:
        """Its row of access_entry, as literals that can be nothing else."""
        values = (
            *(_uuid(self.id), self.moment, _uuid(self.actor), _word(self.role), _uuid(self.organisation)),
            *(_word(self.purpose), _word(self.reason), _uuid(self.case), _word(self.kind)),
            _uuid(self.about),
            *(str(len(self.subjects)), f"'\\x{salt.hex()}'", f"'\\x{self.hash(salt).hex()}'"),
        )
        return f"({', '.join(values)})"

    @property
    def moment(self) -> str:
        """When it was, as a literal."""
        return f"'{self.at.astimezone(UTC).isoformat()}'"


def inserts(entries: Sequence[tuple[Entry, bytes]]) -> str:
    """The statements that write entries with their salts, without parameters; all of one actor."""
    rows = ", ".join(entry.row(salt) for entry, salt in entries)
    written = f"INSERT INTO access_entry ({COLUMNS}) VALUES {rows}"
    seen = [
        f"SELECT unnest('{{{_people(entry)}}}'::uuid[]), {entry.moment}::timestamptz, {_uuid(entry.id)}::uuid"
        for entry, _ in entries
        if entry.subjects
    ]
    if not seen:
        return written
    return f"{written}; INSERT INTO access_subject (subject, at, entry) {' UNION ALL '.join(seen)}"


def _people(entry: Entry) -> str:
    return ",".join(_digits(one) for one in entry.subjects)


COLUMNS = "id, at, actor, role, organisation, purpose, reason, case_id, kind, about, seen, salt, hash"


@dataclass(slots=True)
class Sight:
    """What one transaction shows to whom. `watched` where its end needs a word about it."""

    watched: bool
    said: bool = False
    kind: LookKind | None = None
    subjects: frozenset[UUID] = frozenset()
    about: UUID | None = None
    recipient: UUID | None = None
    handed_for: str | None = None

    def add(self, kind: LookKind, subjects: Iterable[UUID]) -> None:
        """Somebody saw these; one entry takes all that one transaction shows, under its widest kind."""
        self.said = True
        self.kind = max(kind, self.kind or kind, key=list(LookKind).index)
        self.subjects |= frozenset(subjects)

    def entry(
        self, id: UUID, at: datetime, purpose: str, actor: Actor, reason: Reason | None
    ) -> Entry | None:
        """What is to be kept, or None where nobody looked at anybody. LookUnsaid where nobody said so."""
        if self.watched and not self.said:
            raise LookUnsaid(purpose)
        if self.kind is None:
            return None
        given = self.recipient is not None
        return Entry(
            id=id,
            at=at,
            actor=actor.id,
            role="organiser" if given else actor.role.value,
            organisation=self.recipient if given else actor.organisation,
            purpose=self.handed_for or purpose,
            reason=reason.code.value if reason else None,
            case=reason.case if reason else None,
            kind=self.kind.value,
            about=self.about,
            subjects=tuple(sorted(self.subjects)),
        )


def touches_people(charter: Charter, purpose: str) -> bool:
    """Whether a purpose may read or write personal data in this service; rights and terms always may."""
    uses = charter.purpose[purpose].uses.items()
    generated = purpose in (RIGHTS, STORAGE_LIMITATION)
    return generated or any(_of_people(charter.table[name], use) for name, use in uses)


def is_watched(charter: Charter, purpose: str, actor: Actor) -> bool:
    """Whether what this actor does for this purpose is a look that must be said."""
    return actor.role in STAFF and touches_people(charter, purpose)


def _of_people(table: Table, use: Use) -> bool:
    named = {*use.select, *use.insert, *use.update}
    return table.subject is not None and bool(named & {table.subject, *table.personal_columns})


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)


def _uuid(id: UUID | None) -> str:
    """A literal that can only be a UUID."""
    return "NULL" if id is None else f"'{_digits(id)}'"


def _digits(id: UUID) -> str:
    """A UUID written from its number, so that nothing else can be in it; PostgreSQL needs no dashes."""
    return f"{id.int:032x}"


def _word(word: str | None) -> str:
    """A literal of a closed list's word; ValueError for anything that could be more than a word."""
    if word is None:
        return "NULL"
    if not _WORD.fullmatch(word):
        raise ValueError("this is no word of a closed list")
    return f"'{word}'"
