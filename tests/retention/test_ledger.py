"""The ledger of the erased: chained, flushed, and honest about what was tampered with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from services.retention.store.ledger import LedgerBroken, append, entries

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.requirement("X-01")
def test_what_was_appended_is_read_back_in_order(ledger_path: Path) -> None:
    people = [uuid4() for _ in range(5)]
    for number, person in enumerate(people):
        append(ledger_path, person, NOON + timedelta(seconds=number))
    assert [entry.subject for entry in entries(ledger_path)] == people
    assert ledger_path.stat().st_mode & 0o777 == 0o600


def test_an_empty_place_holds_nobody(ledger_path: Path) -> None:
    assert entries(ledger_path) == ()


@pytest.mark.requirement("X-01")
@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_changed_or_missing_line_is_noticed(ledger_path: Path, line: int) -> None:
    for _ in range(3):
        append(ledger_path, uuid4(), NOON)
    lines = ledger_path.read_text().splitlines(keepends=True)
    changed = [*lines[:line], lines[line].replace("2026", "2025"), *lines[line + 1 :]]
    ledger_path.write_text("".join(changed))
    with pytest.raises(LedgerBroken):
        entries(ledger_path)
    if line < 2:
        ledger_path.write_text("".join([*lines[:line], *lines[line + 1 :]]))
        with pytest.raises(LedgerBroken):
            entries(ledger_path)


def test_a_line_that_a_crash_cut_short_is_no_fault_and_no_entry(ledger_path: Path) -> None:
    append(ledger_path, uuid4(), NOON)
    whole = ledger_path.read_bytes()
    ledger_path.write_bytes(whole + whole[:40])
    assert len(entries(ledger_path)) == 1
    append(ledger_path, uuid4(), NOON)
    assert len(entries(ledger_path)) == 2


def test_writers_beside_each_other_make_one_chain(ledger_path: Path) -> None:
    people = [uuid4() for _ in range(40)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda person: append(ledger_path, person, NOON), people))
    assert {entry.subject for entry in entries(ledger_path)} == set(people)
