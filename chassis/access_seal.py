"""The access log's chain: every few seconds a seal covers the hashes of what was looked at since the last.

Replicas take turns under one lock. How far the chain came is also written outside the database, so that who
owns the database cannot cut its end off, nor write it anew, without a difference to that file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.work import Sql, Workplace
from contracts.actors import SYSTEM

JOB = "seal_access_log"
EVERY = timedelta(seconds=5)
PURPOSE = "security"
BEGINNING = bytes(32)
AT_ONCE = 5_000
LATEST_COMMIT = timedelta(hours=1)
"""No transaction lasts that long: what says to be older than the last seal by more was put in afterwards."""
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('access_seal', 2))"
LAST = "SELECT number, at, hash FROM access_seal ORDER BY number DESC LIMIT 1"
UNSEALED = """
SELECT e.id AS entry, e.at, e.hash FROM access_entry e
WHERE e.at > $1 AND NOT EXISTS (SELECT FROM access_hash h WHERE h.entry = e.id) ORDER BY e.id LIMIT $2
"""
ADD_SEAL = "INSERT INTO access_seal (number, at, previous, hash) VALUES ($1, $2, $3, $4)"
ADD_HASHES = """
INSERT INTO access_hash (entry, at, hash, seal)
SELECT u.*, $4 FROM unnest($1::uuid[], $2::timestamptz[], $3::bytea[]) AS u
"""
SINCE = "SELECT number, at, hash FROM access_seal WHERE number > $1 ORDER BY number"
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One entry as a seal covers it."""

    entry: UUID
    at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain came: the number of a seal, and its hash."""

    number: int
    hash: bytes


def seal_hash(number: int, at: datetime, previous: bytes, covered: Sequence[Sealed]) -> bytes:
    """SHA-256 over number, moment, the previous seal's hash, and each entry's id, moment and hash, by id."""
    rows = [
        [str(one.entry), _moment(one.at), one.hash.hex()]
        for one in sorted(covered, key=lambda one: one.entry)
    ]
    return hashlib.sha256(json.dumps([number, _moment(at), previous.hex(), rows]).encode()).digest()


class AccessSealer:
    """Seals what came since the last seal, and writes the chain's heads to the file outside."""

    def __init__(self, work: Workplace, heads: Path | None) -> None:
        self._work = work
        self._heads = heads
        self._written: int | None = None

    async def __call__(self) -> None:
        """One turn; nothing where another replica is at it, or where nobody looked at anybody."""
        async with self._work(PURPOSE, SYSTEM) as tx:
            if not await tx.fetchval(TRY_LOCK):
                return
            await self._seal(tx, tx.now)
        if self._heads is not None:
            # Only what is committed may stand outside, or a rollback would look like a cut.
            await self._write_heads(self._heads)

    async def _seal(self, sql: Sql, now: datetime) -> None:
        last = await sql.fetchrow(LAST)
        since = last["at"] - LATEST_COMMIT if last else EARLIEST
        covered = [_sealed(row) for row in await sql.fetch(UNSEALED, since, AT_ONCE)]
        if not covered:
            return
        number, previous = (last["number"] + 1, last["hash"]) if last else (1, BEGINNING)
        await sql.execute(ADD_SEAL, number, now, previous, seal_hash(number, now, previous, covered))
        ids, moments, hashes = zip(*((one.entry, one.at, one.hash) for one in covered), strict=True)
        await sql.execute(ADD_HASHES, list(ids), list(moments), list(hashes), number)

    async def _write_heads(self, file: Path) -> None:
        if self._written is None:
            known = heads_of(file)
            self._written = known[-1].number if known else 0
        rows = await self._work.once(PURPOSE, SYSTEM).fetch(SINCE, self._written)
        if rows:
            append(file, [Head(row["number"], row["hash"]) for row in rows])
            self._written = rows[-1]["number"]


def append(file: Path, heads: Sequence[Head]) -> None:
    """Add heads that the file does not have yet, and return when they are on the disk; OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as out:
        # Two replicas may write at once: they take turns, and each head stands once.
        fcntl.flock(out, fcntl.LOCK_EX)
        whole = out.read().split(b"\n")[:-1]
        # A line that a crash cut short was never relied on.
        out.truncate(sum(len(line) + 1 for line in whole))
        last = json.loads(whole[-1])["number"] if whole else 0
        for head in heads:
            if head.number > last:
                line = json.dumps({"number": head.number, "hash": head.hash.hex()})
                out.write(line.encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())


def heads_of(file: Path) -> tuple[Head, ...]:
    """Every head in the file, oldest first; none without a file. ValueError where it is no such file."""
    lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
    said = [json.loads(line) for line in lines]
    return tuple(Head(int(one["number"]), bytes.fromhex(one["hash"])) for one in said)


def _sealed(row: Any) -> Sealed:
    return Sealed(row["entry"], row["at"], row["hash"])


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
