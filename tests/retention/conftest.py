"""retention with its door open, on emptied tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chassis.testing import SetClock
from services.retention.app import compose
from services.retention.settings import RetentionSettings
from tests.accounts.premises import NOON, Open, Premises, opened, premises


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    with premises(tmp_path_factory.mktemp("house") / "secrets") as found:
        yield found


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    return tmp_path / "erased" / "ledger.jsonl"


@pytest.fixture
async def retention(place: Premises, ledger_path: Path) -> AsyncIterator[Open]:
    async with _opened(place, ledger_path, "local") as door:
        yield door


@pytest.fixture
async def in_production(place: Premises, ledger_path: Path) -> AsyncIterator[Open]:
    async with _opened(place, ledger_path, "production") as door:
        yield door


@asynccontextmanager
async def _opened(place: Premises, ledger: Path, environment: str) -> AsyncIterator[Open]:
    await place.empty("retention")
    clock = SetClock(NOON)
    told = place.settings("retention", erasure_ledger=ledger, environment=environment)
    async with opened(place, compose(RetentionSettings(**told), clock), clock) as door:
        yield door
