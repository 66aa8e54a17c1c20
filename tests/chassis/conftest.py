"""Fixtures for the tests of the chassis."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from chassis import log
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from tests.chassis.shop import NOON, Keyring, key_pair


@pytest.fixture(autouse=True)
def _logging_as_in_production() -> None:
    log.configure("orders")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    ring = Keyring(tmp_path / "keys", {})
    ring.folder.mkdir()
    for issuer in ("accounts", "gateway", "notify"):
        ring.private[issuer], public = key_pair()
        (ring.folder / f"{issuer}.1.pub.pem").write_bytes(public)
    return ring


@pytest.fixture
def visitor() -> Actor:
    return Actor(Role.VISITOR, uuid4())


@pytest.fixture
def clerk() -> Actor:
    return Actor(Role.BOX_OFFICE, uuid4())
