"""Which processes an instance started, kept on disk, so that a crash of ours leaves no orphans behind."""

import json
import signal
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from deploy.local.instance import read_json, write_private

# Stopping goes from what writes to what keeps: services, then the broker, then the database.
SERVICES, BROKER, DATABASE = 0, 1, 2
PATIENCE = {SERVICES: 15.0, BROKER: 20.0, DATABASE: 20.0}


@dataclass(frozen=True)
class Record:
    """One started process. `created` (seconds since 1970) tells it from a later one with the same pid."""

    pid: int
    created: float
    signal: int
    phase: int


def write(folder: Path, name: str, pid: int, stop_signal: signal.Signals, phase: int) -> None:
    """Note a process right after its start. A process that is gone already needs no note."""
    try:
        created = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    write_private(folder / f"{name}.json", json.dumps(asdict(Record(pid, created, stop_signal, phase))))


def remove(folder: Path, name: str) -> None:
    (folder / f"{name}.json").unlink(missing_ok=True)


def end_leftovers(folder: Path) -> list[str]:
    """Stop, in order, what an earlier run of this instance left alive. Returns the names."""
    living = {file.stem: found for file in sorted(folder.glob("*.json")) if (found := _living(file))}
    for phase in (SERVICES, BROKER, DATABASE):
        end([(process, record.signal) for process, record in living.values() if record.phase == phase], phase)
    for file in folder.glob("*.json"):
        file.unlink()
    return sorted(living)


def end(processes: Iterable[tuple[psutil.Process, int]], phase: int) -> None:
    """Ask each process to stop with its own signal, and kill what has not stopped in time."""
    asked = []
    for process, stop_signal in processes:
        try:
            process.send_signal(stop_signal)
            asked.append(process)
        except psutil.NoSuchProcess:
            continue
    _, stubborn = psutil.wait_procs(asked, timeout=PATIENCE[phase] if asked else 0)
    for process in stubborn:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(stubborn, timeout=5)


def living(folder: Path) -> dict[str, int]:
    """Name and pid of every recorded process that lives."""
    found = {file.stem: _living(file) for file in sorted(folder.glob("*.json"))}
    return {name: one[0].pid for name, one in found.items() if one}


def _living(file: Path) -> tuple[psutil.Process, Record] | None:
    noted = read_json(file)
    if noted is None:
        return None
    try:
        record = Record(**noted)  # type: ignore[arg-type]  # a file of another shape raises the TypeError below
        process = psutil.Process(record.pid)
        same = abs(process.create_time() - record.created) < 0.05
        return (process, record) if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (TypeError, psutil.NoSuchProcess):
        return None
