"""What all tests may ask for: `house`, an instance of its own with everything that `make start` starts."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deploy.local.environment import SERVICES
from deploy.local.instance import ROOT, Instance, read_json
from deploy.local.ports import Ports

# Fixtures that start PostgreSQL, RabbitMQ, a browser or all of the house.
SERVERS = {"house", "toy", "broker", "place", "ground", "installation", "evening"}
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
TEST_RUN = ROOT / "-".join(filter(None, (os.environ.get("AVONDKASSA_TEST_RUN", ".run-test"), WORKER)))
"""Where the house of the tests lives; tests that run side by side have a house each."""
LOGS = (*SERVICES, "postgres", "rabbitmq", "epmd", "house")
"""Logs of the house itself; simulator, inbox and receiver are not ours in production."""
PERSONAL = re.compile(
    rb"[\w.+-]+(?:@|%40)[\w-]+\.(?:org|net|com|be|example)\b|\+32\s?4\d{8}|%2B324\d{8}", re.I
)
"""Any address or mobile phone number: nobody's belongs in a log, a test person's least of all."""

RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
"""The beginning of a UUID."""


@dataclass(frozen=True)
class House:
    """A running instance: where it is, and what its endpoints.json says.

    `persons` takes names that a test gave someone: no log may know them when all tests are done.
    """

    instance: Instance
    endpoints: dict[str, Any]
    persons: set[str] = field(default_factory=set)

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
    try:
        endpoints = read_json(TEST_RUN / "endpoints.json")
        assert endpoints is not None
        base = int((TEST_RUN / "ports").read_text())
        running = House(Instance(TEST_RUN, Ports(base)), endpoints)
        running.persons.update(
            login["name"] for login in running.endpoints["logins"].values() if "@" in login["user"]
        )
        yield running
    finally:
        _command("stop", TEST_RUN)
    assert told_in_logs(TEST_RUN / "log", running.persons) == []


def told_in_logs(folder: Path, persons: set[str]) -> list[str]:
    """Lines of the house's logs that tell of a person: file, line number and what was found."""
    names = [name.encode() for name in persons]
    found = []
    for file in sorted(folder.iterdir()):
        if file.name.split(".")[0] not in LOGS:
            continue
        for number, line in enumerate(file.read_bytes().splitlines(), 1):
            hit = PERSONAL.search(line)
            told = ([hit[0]] if hit else []) + [name for name in names if name in line]
            found += [f"{file.name}:{number} tells {what.decode()}" for what in told]
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses the house or a part of it needs servers; `-m "not house"` leaves it out.

    Tests that run side by side are collected twice and matched by name, so an id made at random is in none.
    """
    for item in items:
        if RANDOM.search(item.nodeid):
            raise pytest.UsageError(f"{item.nodeid}: give this parameter a name (pytest.param(…, id=…))")
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.house)


def _command(name: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local", name],
        # The simulator doubles and reorders its webhooks: what Mollie may do one day happens in every test.
        env={
            **os.environ,
            "AVONDKASSA_RUN": str(folder),
            "AVONDKASSA_PORTS": "free",
            "MOLLIE_SIM_UNRULY": "1",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"deploy.local {name} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout
