"""Where the time goes: a second, shorter load while py-spy looks into the services, where it is installed."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

from deploy.local import records
from deploy.local.instance import Instance

PY_SPY = shutil.which("py-spy") or str(Path(sys.executable).with_name("py-spy"))
WATCHED = ("gateway", "orders")
SHOWN = 8


async def looked_into(instance: Instance, seconds: float) -> tuple[str, ...]:
    """For gateway and orders the functions in which most time was spent meanwhile, callees left out."""
    return await asyncio.to_thread(_looked_into, instance, seconds)


def _looked_into(instance: Instance, seconds: float) -> tuple[str, ...]:
    if not Path(PY_SPY).exists():
        return ("py-spy is not installed: no samples were taken",)
    pids, lasts = records.living(instance.pids), str(max(1, round(seconds)))
    with TemporaryDirectory() as folder:
        # Those that hold the interpreter: who waits spends nothing.
        command = (PY_SPY, "record", "--gil", "-r", "100", "-f", "raw", "-d", lasts, "-p")
        paths = {name: Path(folder) / name for name in WATCHED}
        begun = [
            subprocess.Popen((*command, str(pids[name]), "-o", str(path)), stdout=DEVNULL, stderr=DEVNULL)
            for name, path in paths.items()
        ]
        for one in begun:
            one.wait(seconds + 30)
        stacks = {name: path.read_text() for name, path in paths.items() if path.exists()}
    return tuple(line for name, one in stacks.items() for line in told(name, one))


def told(name: str, stacks: str) -> Sequence[str]:
    """Lines of `frame;frame;frame count` as shares of a process's time, by the innermost function."""
    counted: Counter[str] = Counter()
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        counted[frames.rsplit(";", 1)[-1].rpartition(":")[0] or frames] += int(count)
    total = counted.total()
    return [f"{name} {count / total:.0%} in {where}" for where, count in counted.most_common(SHOWN)]


def costs(spent: Mapping[str, float]) -> tuple[str, ...]:
    """CPU-seconds by program as lines, the dearest first."""
    dear = sorted(spent.items(), key=lambda one: -one[1])
    return tuple(f"{name} {1000 * each:.2f} ms" for name, each in dear if each >= 0.000005)
