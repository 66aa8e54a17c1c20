"""The private RabbitMQ of an instance: the server of the Debian package, with everything else our own."""

import os
import secrets
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from deploy.local import readiness, records
from deploy.local.instance import Instance
from deploy.local.processes import Program

# Each instance has its own name server, so one node name serves them all, and new ports keep the data.
NODE = "avondkassa@localhost"
PACKAGE = Path("/usr/lib/rabbitmq/lib")


class NoBroker(RuntimeError):
    """RabbitMQ's server script is not on this machine."""


@dataclass(frozen=True)
class RabbitMQ:
    """Where the broker of one instance lives; all ports are TCP ports on 127.0.0.1."""

    home: Path
    scripts: Path
    port: int
    dist_port: int
    epmd_port: int

    @property
    def definitions(self) -> Path:
        return self.home / "definitions.json"


def of(instance: Instance) -> RabbitMQ:
    """The broker of an instance. Raises NoBroker when the server is not installed."""
    ports = instance.ports
    home = instance.folder / "rabbitmq"
    return RabbitMQ(home, _scripts(), ports["amqp"], ports["rabbit_dist"], ports["epmd"])


def initialise(rabbitmq: RabbitMQ) -> None:
    """Write the configuration, and on the first start the cookie that lets rabbitmqctl in."""
    rabbitmq.home.mkdir(mode=0o700, exist_ok=True)
    cookie = rabbitmq.home / ".erlang.cookie"
    if not cookie.is_file() or not cookie.read_text():
        cookie.unlink(missing_ok=True)
        cookie.write_text(secrets.token_hex(20))
    cookie.chmod(0o400)
    lines = [
        # Applied at every start; users and queues that exist already stay as they are.
        f"load_definitions = {rabbitmq.definitions}",
        "log.console = true",
        "log.console.level = warning",
        "log.console.use_colors = off",
        "log.file = false",
    ]
    (rabbitmq.home / "rabbitmq.conf").write_text("\n".join(lines) + "\n")
    (rabbitmq.home / "enabled_plugins").write_text("[].\n")


def programs(rabbitmq: RabbitMQ) -> tuple[Program, Program]:
    """Erlang's name server and the broker; the first must run before the second starts."""
    environment = tools_environment(rabbitmq)
    epmd = Program(
        name="epmd",
        command=[_epmd(), "-port", str(rabbitmq.epmd_port), "-address", "127.0.0.1"],
        environment=environment,
        ready=readiness.tcp(rabbitmq.epmd_port),
        phase=records.BROKER,
    )
    broker = Program(
        name="rabbitmq",
        command=[str(rabbitmq.scripts / "rabbitmq-server")],
        environment=environment | _server_environment(rabbitmq),
        ready=readiness.amqp(rabbitmq.port),
        phase=records.BROKER,
        stop_signal=signal.SIGTERM,
        ready_within=120.0,
        folder=rabbitmq.home,
    )
    return epmd, broker


def tools_environment(rabbitmq: RabbitMQ) -> dict[str, str]:
    """What rabbitmqctl (in `rabbitmq.scripts`) needs to reach this broker and no other."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "HOME": str(rabbitmq.home),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_NODENAME": NODE,
        "ERL_EPMD_PORT": str(rabbitmq.epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def _server_environment(rabbitmq: RabbitMQ) -> dict[str, str]:
    home = rabbitmq.home
    # Idle schedulers that spin would take a small machine's cores from the services.
    quiet = "+sbwt none +sbwtdcpu none +sbwtdio none"
    return {
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(rabbitmq.port),
        "RABBITMQ_DIST_PORT": str(rabbitmq.dist_port),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {quiet}",
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "enabled_plugins"),
        # The process is the broker itself, and SIGTERM stops it gracefully.
        "RUNNING_UNDER_SYSTEMD": "1",
    }


def _scripts() -> Path:
    """The folder of the server script. The wrapper on the PATH will not do: it switches user."""
    wish = os.environ.get("AVONDKASSA_RABBITMQ")
    folders = [Path(wish)] if wish else sorted(PACKAGE.glob("rabbitmq_server-*/sbin"))
    for folder in reversed(folders):
        if (folder / "rabbitmq-server").is_file():
            return folder
    raise NoBroker(
        "RabbitMQ's server was not found. Install rabbitmq-server 3.10 or later; if its scripts are not "
        f"under {PACKAGE}, name their folder in AVONDKASSA_RABBITMQ."
    )


def _epmd() -> str:
    found = shutil.which("epmd") or next(
        (str(f) for f in Path("/usr/lib/erlang").glob("erts-*/bin/epmd")), None
    )
    if found is None:
        raise NoBroker("Erlang's epmd was not found; it comes with the package that RabbitMQ stands on.")
    return found
