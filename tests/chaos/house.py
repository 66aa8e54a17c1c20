"""python -m tests.chaos.house: a house like any other, whose services are started by the chaos launcher."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local import instance as instances
from deploy.local import lifetime
from deploy.local.house import House
from deploy.local.instance import ROOT, Instance, read_json
from deploy.local.ports import Ports
from tests.conftest import House as Running

READY_WITHIN = 180.0


def launched(service: str) -> Sequence[str]:
    """What Python runs for a service here."""
    return ("-m", "tests.chaos.launch", service)


@contextmanager
def chaos_house(folder: Path) -> Iterator[Running]:
    """A new house in this folder, on free ports; stopped and deleted at the end, if it came up."""
    environment = {
        **os.environ,
        "AVONDKASSA_RUN": str(folder),
        "AVONDKASSA_PORTS": "free",
        "MOLLIE_SIM_UNRULY": "1",
        "PYTHONUNBUFFERED": "1",
    }
    subprocess.run([sys.executable, "-m", "deploy.local", "reset"], env=environment, cwd=ROOT, check=True)
    log = ROOT / f"{folder.name}.log"
    with log.open("w") as out:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.house"], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
        try:
            yield _ready(folder, keeper)
        finally:
            keeper.terminate()
            keeper.wait(90)
    subprocess.run([sys.executable, "-m", "deploy.local", "reset"], env=environment, cwd=ROOT, check=True)
    log.unlink()


def _ready(folder: Path, keeper: subprocess.Popen[bytes]) -> Running:
    last = time.monotonic() + READY_WITHIN
    while time.monotonic() < last and keeper.poll() is None:
        endpoints = read_json(folder / "endpoints.json")
        if endpoints is not None:
            return Running(Instance(folder, Ports(int((folder / "ports").read_text()))), dict(endpoints))
        time.sleep(0.2)
    raise RuntimeError(f"the house did not come up; see {folder.name}.log")


if __name__ == "__main__":
    chosen = instances.chosen(os.environ)
    sys.exit(lifetime.run(chosen, lambda group: House(group, launched), foreground=False))
