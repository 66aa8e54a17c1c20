"""The walls between packages, held by import-linter, and the same walls with a hole in them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

LINTER = Path(sys.executable).with_name("lint-imports")
ROOMS = ("entrypoints", "handlers", "store", "domain")
SERVICES = ("accounts", "gateway", "notify", "orders", "retention", "sharing")
CONTRACTS = "contracts import nothing of ours"
CHASSIS = "the chassis imports contracts only"
OUTSIDE = "services import contracts, the chassis and themselves"
NEIGHBOURS = "no service imports another"
LAYERS = "rooms: doors, handlers, store, domain; only app.py wires"
HOLES = [
    ("contracts/a.py", "import chassis.a", CONTRACTS),
    ("contracts/a.py", "import services.orders.app", CONTRACTS),
    ("chassis/a.py", "import services.orders.app", CHASSIS),
    ("chassis/a.py", "import deploy.a", CHASSIS),
    ("services/orders/handlers/a.py", "import deploy.a", OUTSIDE),
    ("services/orders/handlers/a.py", "from services.notify.store import a", NEIGHBOURS),
    ("services/gateway/app.py", "from services.orders.domain import a", NEIGHBOURS),
    ("services/orders/domain/a.py", "from services.orders.store import a", LAYERS),
    ("services/orders/domain/a.py", "from services.orders.handlers import a", LAYERS),
    ("services/orders/store/a.py", "from services.orders.handlers import a", LAYERS),
    ("services/orders/handlers/a.py", "from services.orders.entrypoints import a", LAYERS),
    ("services/orders/entrypoints/a.py", "import services.orders.app", LAYERS),
]


def broken(root: Path) -> set[str]:
    """The contracts of pyproject.toml that import-linter finds broken below a root."""
    told = subprocess.run(
        [str(LINTER), "--config", str(ROOT / "pyproject.toml"), "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in told.stdout, told.stdout + told.stderr
    return set(re.findall(r"^(.+?) BROKEN", told.stdout, re.MULTILINE))


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty house with all rooms."""
    root = tmp_path_factory.mktemp("house")
    folders = ["contracts", "chassis", "deploy", "services"]
    for service in SERVICES:
        folders += [f"services/{service}", *(f"services/{service}/{room}" for room in ROOMS)]
    for folder in folders:
        (root / folder).mkdir()
        for name in ("__init__.py", "a.py"):
            (root / folder / name).touch()
    for service in SERVICES:
        (root / "services" / service / "app.py").touch()
    return root


def test_the_walls_stand() -> None:
    assert broken(ROOT) == set()


def test_an_empty_house_has_walls(walled: Path) -> None:
    assert broken(walled) == set()


@pytest.mark.parametrize(("name", "text", "wall"), HOLES)
def test_a_hole_is_seen(walled: Path, tmp_path: Path, name: str, text: str, wall: str) -> None:
    root = tmp_path / "house"
    shutil.copytree(walled, root)
    (root / name).write_text(text + "\n")
    assert wall in broken(root)
