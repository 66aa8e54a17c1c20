"""What all tests may ask for: `house`, an instance of its own with everything that `make run` starts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local.instance import ROOT, Instance, read_json
from deploy.local.ports import Ports

TEST_RUN = ROOT / os.environ.get("AVONDKASSA_TEST_RUN", ".run-test")


@dataclass(frozen=True)
class House:
    """A running instance: where it is, and what its endpoints.json says."""

    instance: Instance
    endpoints: dict[str, Any]

    @property
    def folder(self) -> Path:
        return self.instance.folder

    def command(self, name: str) -> str:
        """Run `python -m deploy.local NAME` for this instance; returns what it said."""
        return _command(name, self.folder)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """The whole house, new and with the season loaded, for all tests of this session."""
    _command("reset", TEST_RUN)
    _command("start", TEST_RUN)
    endpoints = read_json(TEST_RUN / "endpoints.json")
    assert endpoints is not None
    base = int((TEST_RUN / "ports").read_text())
    yield House(Instance(TEST_RUN, Ports(base)), endpoints)
    _command("stop", TEST_RUN)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses the house needs servers; `-m "not house"` leaves it out."""
    for item in items:
        if "house" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.house)


def _command(name: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", name],
        env={**os.environ, "AVONDKASSA_RUN": str(folder), "AVONDKASSA_PORTS": "free"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"deploy.local {name} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
