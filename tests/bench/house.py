"""python -m tests.bench.house [module]: a house like any other, whose services that module launches.

Without a module the services run as they are shipped. A composition of its own is for the comparison only:
no setting of a service can bring it about.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local import instance as instances
from deploy.local import lifetime, sizes
from deploy.local.group import Group
from deploy.local.house import House, as_shipped
from deploy.local.instance import ROOT, Instance, read_json
from deploy.local.ports import Ports

READY_WITHIN = 180.0
STOPPED_WITHIN = 90.0


@contextmanager
def bench_house(
    folder: Path, module: str = "", environment: Mapping[str, str] | None = None
) -> Iterator[tuple[Instance, Mapping[str, Any]]]:
    """A new house in this folder on free ports, deleted at the end: the instance and its endpoints."""
    told = {
        **os.environ,
        "SEASON": sizes.SMALL,
        **(environment or {}),
        "AVONDKASSA_RUN": str(folder),
        "AVONDKASSA_PORTS": "free",
        "PYTHONUNBUFFERED": "1",
    }
    _reset(told)
    log = folder.with_name(f"{folder.name}.log")
    with log.open("w") as out:
        command = [sys.executable, "-m", "tests.bench.house", *([module] if module else [])]
        keeper = subprocess.Popen(command, env=told, cwd=ROOT, stdout=out, stderr=out)
        try:
            yield _ready(folder, log, keeper)
        finally:
            keeper.terminate()
            keeper.wait(STOPPED_WITHIN)
            _reset(told)
    log.unlink()


def _ready(folder: Path, log: Path, keeper: subprocess.Popen[bytes]) -> tuple[Instance, Mapping[str, Any]]:
    last = time.monotonic() + READY_WITHIN
    while time.monotonic() < last and keeper.poll() is None:
        endpoints = read_json(folder / "endpoints.json")
        if endpoints is not None:
            return Instance(folder, Ports(int((folder / "ports").read_text()))), endpoints
        time.sleep(0.2)
    raise RuntimeError(f"the house did not come up:\n{log.read_text()}")


def _reset(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "deploy.local", "reset"]
    subprocess.run(command, env=dict(environment), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _house(group: Group, launched: Callable[[str], tuple[str, ...]]) -> House:
    return House(group, launched, season=sizes.wanted(group.instance, os.environ))


def _main(module: str | None) -> int:
    def launched(service: str) -> tuple[str, ...]:
        return ("-m", module, service) if module else tuple(as_shipped(service))

    chosen = instances.chosen(os.environ)
    return lifetime.run(chosen, lambda group: _house(group, launched), foreground=False)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1] if len(sys.argv) > 1 else None))
