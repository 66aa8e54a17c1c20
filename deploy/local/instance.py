"""One instance of the local house: its folder, its ports, and who holds it at the moment."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local import ports as port_choice
from deploy.local.ports import Ports

ROOT = Path(__file__).resolve().parents[2]
MARK = ".avondkassa"
# What the installer may have put there before the house itself came by.
BEFORE_US = {"install.log"}


class NotOurs(RuntimeError):
    """The folder holds something else than an instance of the house."""


class AlreadyRunning(RuntimeError):
    """Another process runs this instance."""


@dataclass(frozen=True)
class Instance:
    """Where everything of one instance is. Folders with secrets have mode 700, files with secrets 600."""

    folder: Path
    ports: Ports

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def pids(self) -> Path:
        return self.folder / "pids"

    @property
    def endpoints(self) -> Path:
        return self.folder / "endpoints.json"

    @property
    def ledger(self) -> Path:
        """The ledger of the erased, which in production lies outside every backup."""
        return self.folder / "ledger" / "erased.jsonl"

    @property
    def heads(self) -> Path:
        """How far each access log came; in production outside every backup too."""
        return self.folder / "ledger" / "looks"

    @property
    def founded(self) -> Path:
        """Exists once the first start came to its end; before that nothing here is worth keeping."""
        return self.folder / "founded"


def chosen(environment: Mapping[str, str]) -> Instance:
    """The instance that AVONDKASSA_RUN and AVONDKASSA_PORTS name. Raises BadPorts."""
    wish = environment.get("AVONDKASSA_RUN")
    folder = Path(wish).resolve() if wish else ROOT / ".run"
    return Instance(folder, port_choice.choose(folder, environment.get("AVONDKASSA_PORTS")))


def prepare(instance: Instance) -> None:
    """Make the folders. Raises NotOurs when the folder belongs to something else."""
    folder = instance.folder
    folder.mkdir(parents=True, exist_ok=True)
    if not is_ours(folder) and any(entry.name not in BEFORE_US for entry in folder.iterdir()):
        raise NotOurs(f"{folder} holds other things. Choose an empty folder in AVONDKASSA_RUN.")
    (folder / MARK).touch()
    # The user that PostgreSQL runs as must be able to pass through, not to list.
    folder.chmod(0o711)
    for private in (instance.secrets, instance.logs, instance.pids, instance.ledger.parent, folder / "env"):
        private.mkdir(mode=0o700, exist_ok=True)
        private.chmod(0o700)
    port_choice.remember(folder, instance.ports)


def is_ours(folder: Path) -> bool:
    return (folder / MARK).is_file()


@contextmanager
def held(instance: Instance) -> Iterator[None]:
    """Hold the instance while the block runs; the kernel lets go of it even when we are killed.

    Raises AlreadyRunning when another process holds it.
    """
    with (instance.folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise AlreadyRunning from busy
        keeper = instance.folder / "keeper"
        keeper.write_text(f"{os.getpid()}\n")
        try:
            yield
        finally:
            keeper.unlink(missing_ok=True)


def is_held(instance: Instance) -> bool:
    lock = instance.folder / "lock"
    if not lock.is_file():
        return False
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def keeper(instance: Instance) -> int | None:
    """The pid of the process that runs this instance; None when nobody does."""
    file = instance.folder / "keeper"
    if not is_held(instance) or not file.is_file():
        return None
    text = file.read_text().strip()
    return int(text) if text.isdigit() else None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, all of it or nothing."""
    half = path.with_name(f".{path.name}.new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.replace(path)


def read_json(path: Path) -> dict[str, object] | None:
    """The object in a JSON file; None when the file is absent or was only half written."""
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None
