"""Whether the access log was left alone: finds rows that were changed, removed too early, or put in.

It reads as a role that sees everything and changes nothing. What it cannot see: a look that was removed in
the seconds before its seal, one that was made up by whoever may write real ones, and a database and a file
outside it that were both written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from chassis.access import Entry
from chassis.access_seal import BEGINNING, LATEST_COMMIT, Head, Sealed, seal_hash

SEALS_AT_ONCE = 500
STILL_BEING_WRITTEN = timedelta(minutes=1)
"""How far the file outside may be behind the database."""
SEALS = """
SELECT number, at, previous, hash FROM access_seal WHERE number > $1 ORDER BY number LIMIT $2
"""
COVERED = """
SELECT h.seal, h.entry AS covered, h.at AS covered_at, h.hash AS covered_hash,
    h.at > $3::timestamptz - $4::text::interval AS due, e.*, s.subjects
FROM access_hash h LEFT JOIN access_entry e ON e.id = h.entry
LEFT JOIN LATERAL (SELECT array_agg(subject) AS subjects FROM access_subject WHERE entry = h.entry) s ON true
WHERE h.seal BETWEEN $1 AND $2 ORDER BY h.seal
"""
UNSEALED = """
SELECT e.*, s.subjects FROM access_entry e
LEFT JOIN LATERAL (SELECT array_agg(subject) AS subjects FROM access_subject WHERE entry = e.id) s ON true
WHERE NOT EXISTS (SELECT FROM access_hash h WHERE h.entry = e.id)
"""
STRAY_SUBJECTS = """
SELECT count(*) FROM access_subject s WHERE NOT EXISTS (SELECT FROM access_entry e WHERE e.id = s.entry)
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how much was looked at, and a sentence for each thing that is wrong."""

    seals: int
    entries: int
    wrong: tuple[str, ...]


class AccessCheck:
    """One check of one service's log, on a connection that sees all of it."""

    def __init__(self, connection: Any, term: str, now: datetime) -> None:
        """`term` is the charter's (ISO 8601): rows older than that may be gone."""
        self._connection = connection
        self._term = term
        self._now = now
        self._wrong: list[str] = []
        self._heads: dict[int, tuple[bytes, datetime]] = {}
        self._entries = 0
        self._last_at: datetime | None = None

    async def __call__(self, outside: Sequence[Head] | None) -> Verdict:
        """Follow the chain from its beginning; `outside` are the file's heads, None without a file."""
        previous, number = BEGINNING, 0
        while seals := await self._connection.fetch(SEALS, number, SEALS_AT_ONCE):
            covered = await self._covered(seals[0]["number"], seals[-1]["number"])
            for seal in seals:
                self._link(seal, number + 1, previous, covered.get(seal["number"], []))
                number, previous = seal["number"], seal["hash"]
                self._last_at = seal["at"]
        await self._unsealed()
        if outside is not None:
            self._wrong += self._against(outside)
        return Verdict(len(self._heads), self._entries, tuple(self._wrong))

    async def _covered(self, first: int, last: int) -> dict[int, list[Sealed]]:
        rows = await self._connection.fetch(COVERED, first, last, self._now, self._term)
        found: dict[int, list[Sealed]] = {}
        for seal, of_seal in groupby(rows, key=lambda row: int(row["seal"])):
            for row in of_seal:
                self._row(row)
                one = Sealed(row["covered"], row["covered_at"], row["covered_hash"])
                found.setdefault(seal, []).append(one)
        return found

    def _row(self, row: Any) -> None:
        """One sealed entry against its hash; one whose term is over may be gone."""
        if row["id"] is None:
            if row["due"]:
                self._wrong.append(f"entry {row['covered']} was removed before its term")
            return
        self._entries += 1
        if row["hash"] != row["covered_hash"] or not _is_whole(row):
            self._wrong.append(f"entry {row['covered']} was changed")

    def _link(self, seal: Any, expected: int, previous: bytes, covered: Sequence[Sealed]) -> None:
        number = seal["number"]
        self._heads[number] = (seal["hash"], seal["at"])
        if number != expected:
            self._wrong.append(f"seal {expected} was removed")
        elif seal["previous"] != previous:
            self._wrong.append(f"seal {number} does not follow the one before it")
        if seal["hash"] != seal_hash(number, seal["at"], seal["previous"], covered):
            self._wrong.append(f"seal {number} or what it covers was changed, removed or put in")

    async def _unsealed(self) -> None:
        """Entries wait seconds for their seal. One from before the last seals has come in afterwards."""
        for row in await self._connection.fetch(UNSEALED):
            self._entries += 1
            if self._last_at is not None and row["at"] <= self._last_at - LATEST_COMMIT:
                self._wrong.append(f"entry {row['id']} was put in afterwards")
            elif not _is_whole(row):
                self._wrong.append(f"entry {row['id']} was changed before it was sealed")
        strays = await self._connection.fetchval(STRAY_SUBJECTS)
        if strays:
            self._wrong.append(f"{strays} rows tell of people in entries that are not there")

    def _against(self, outside: Sequence[Head]) -> Iterator[str]:
        for head in outside:
            known = self._heads.get(head.number)
            if known is None:
                yield f"seal {head.number} stands in the file outside only: the chain's end was cut off"
            elif known[0] != head.hash:
                yield f"seal {head.number} reads otherwise in the file outside: the chain was written anew"
        last = outside[-1].number if outside else 0
        behind = [number for number, (_, at) in self._heads.items() if number > last and self._is_old(at)]
        if behind:
            yield f"the file outside lacks {len(behind)} seals, from {min(behind)} on"

    def _is_old(self, at: datetime) -> bool:
        return at < self._now - STILL_BEING_WRITTEN


def _is_whole(row: Any) -> bool:
    """Whether an entry, its people and its salt are those that its hash was made of."""
    subjects = tuple(sorted(row["subjects"] or ()))
    entry = Entry(
        id=row["id"],
        at=row["at"],
        actor=row["actor"],
        role=row["role"],
        organisation=row["organisation"],
        purpose=row["purpose"],
        reason=row["reason"],
        case=row["case_id"],
        kind=row["kind"],
        about=row["about"],
        subjects=subjects,
    )
    return bool(entry.hash(row["salt"]) == row["hash"] and row["seen"] == len(subjects))
