"""The declarations of this repository and the house of deploy/house.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from chassis.activities import Activity, activities
from chassis.charter import Charter, all_charters
from chassis.recipients import Recipient, read_recipients

ROOT = Path(__file__).parents[2]


@pytest.fixture
def facts() -> dict[str, Any]:
    return tomllib.loads((ROOT / "deploy" / "house.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def charters() -> dict[str, Charter]:
    return all_charters(ROOT)


@pytest.fixture
def done(charters: dict[str, Charter]) -> tuple[Activity, ...]:
    return activities(charters)


@pytest.fixture
def recipients(facts: dict[str, Any]) -> tuple[Recipient, ...]:
    return read_recipients(facts)
