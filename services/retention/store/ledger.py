"""The ledger of the erased (X-01): random ids in an append-only, chained file outside every backup.

A restore replays it before services start, so that no backup brings an erased person back. One JSON object a
line: {"at", "subject", "previous", "hash"}, where hash = SHA-256 of "previous|subject|at". It holds ids only.
"""

import fcntl
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

BEGINNING = "0" * 64


class LedgerBroken(Exception):
    """A line was changed, cut or left out; the argument is its number, from 1."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One erased person, by id."""

    subject: UUID
    at: datetime


def append(path: Path, subject: UUID, at: datetime) -> None:
    """Add an id and return when it is on the disk; twice is harmless. Raises LedgerBroken, OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        # Two replicas may write at once: they take turns, so that the chain has no fork.
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = _whole_lines(file.read())
        # A line that a crash cut short was never relied on.
        file.truncate(sum(len(line) + 1 for line in whole))
        previous = _hash_of(whole[-1], len(whole)) if whole else BEGINNING
        file.write(_line(previous, str(subject), at.isoformat()) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        _flush_folder(path.parent)


def entries(path: Path) -> tuple[Entry, ...]:
    """Everyone in the ledger, oldest first; LedgerBroken where the chain does not hold."""
    lines = _whole_lines(path.read_bytes()) if path.exists() else []
    found: list[Entry] = []
    previous = BEGINNING
    for number, line in enumerate(lines, start=1):
        digest = _hash_of(line, number)
        said = json.loads(line)
        if said["previous"] != previous:
            raise LedgerBroken(number)
        found.append(Entry(UUID(said["subject"]), datetime.fromisoformat(said["at"])))
        previous = digest
    return tuple(found)


def _whole_lines(content: bytes) -> list[bytes]:
    return content.split(b"\n")[:-1]


def _hash_of(line: bytes, number: int) -> str:
    """The hash that a line carries, after checking that it is the hash of that line."""
    try:
        said = json.loads(line)
        right = line == _line(said["previous"], said["subject"], said["at"])
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerBroken(number) from error
    if not right:
        raise LedgerBroken(number)
    return str(said["hash"])


def _line(previous: str, subject: str, at: str) -> bytes:
    digest = hashlib.sha256(f"{previous}|{subject}|{at}".encode()).hexdigest()
    return json.dumps({"at": at, "subject": subject, "previous": previous, "hash": digest}).encode()


def _flush_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
