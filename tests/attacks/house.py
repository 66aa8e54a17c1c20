"""A house of the attackers' own: started like any other, on free ports, deleted at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.instance import ROOT, Instance, read_json
from deploy.local.ports import Ports
from tests.attacks.ground import Ground


@contextmanager
def attacked_house(folder: Path, *, keep: bool = False) -> Iterator[Ground]:
    """A new house in this folder; `keep` leaves it running, and takes one that runs already."""
    if not (keep and (folder / "endpoints.json").exists()):
        _command("reset", folder)
        _command("start", folder)
    try:
        endpoints = read_json(folder / "endpoints.json")
        assert endpoints is not None, "a started house has endpoints"
        base = int((folder / "ports").read_text())
        yield Ground.of(Instance(folder, Ports(base)), endpoints)
    finally:
        if not keep:
            _command("stop", folder)
    if not keep:
        _command("reset", folder)


def _command(name: str, folder: Path) -> None:
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
