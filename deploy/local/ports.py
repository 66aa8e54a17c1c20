"""The ports of one instance: a base and fixed offsets, so that one number moves them all."""

import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

DEFAULT_BASE = 8080
OFFSETS = {
    "gateway": 0,
    "accounts": 21,
    "orders": 22,
    "notify": 23,
    "sharing": 24,
    "retention": 25,
    "postgres": 63,
    "amqp": 87,
    "rabbit_dist": 88,
    "epmd": 89,
    "mollie": 100,
    "inbox": 110,
    "smtp": 111,
    "receiver": 115,
}
FOR_WHAT = {
    "gateway": "the shop",
    "postgres": "PostgreSQL",
    "amqp": "RabbitMQ",
    "rabbit_dist": "RabbitMQ's tools",
    "epmd": "RabbitMQ's name server",
    "mollie": "the Mollie simulator",
    "inbox": "the local inbox, web",
    "smtp": "the local inbox, SMTP",
    "receiver": "the organiser's receiver",
}
# Below Linux's range of outgoing ports (32768 and up), so that no connection takes one by accident.
FREE_BASES = range(20_000, 32_000)
HIGHEST_BASE = 65_535 - max(OFFSETS.values())


class BadPorts(ValueError):
    """AVONDKASSA_PORTS is neither a number in range nor the word free."""


@dataclass(frozen=True)
class Ports:
    """The ports of one instance. `ports["orders"]` is a TCP port on 127.0.0.1."""

    base: int

    def __getitem__(self, name: str) -> int:
        return self.base + OFFSETS[name]

    def url(self, name: str) -> str:
        """The address a browser uses: localhost, because `__Host-` cookies are refused on 127.0.0.1."""
        return f"http://localhost:{self[name]}"


@dataclass(frozen=True)
class Taken:
    """A port that another program holds; `holder` is its name and pid, or None when we may not see it."""

    port: int
    what: str
    holder: str | None


def choose(folder: Path, wish: str | None) -> Ports:
    """The ports for an instance: the wish (a base, or "free"), else what it used before, else the default.

    Raises BadPorts when the wish is no usable base.
    """
    remembered = folder / "ports"
    before = int(remembered.read_text()) if remembered.is_file() else None
    if wish == "free":
        return Ports(before if before is not None else free_base())
    if not wish:
        return Ports(before if before is not None else DEFAULT_BASE)
    if not wish.isdigit() or not 1024 <= int(wish) <= HIGHEST_BASE:
        raise BadPorts(f"AVONDKASSA_PORTS is {wish!r}; use a number from 1024 to {HIGHEST_BASE}, or free.")
    return Ports(int(wish))


def remember(folder: Path, ports: Ports) -> None:
    (folder / "ports").write_text(f"{ports.base}\n")


def free_base() -> int:
    """A base of which every port is free at this moment. Raises BadPorts when none was found."""
    for _ in range(200):
        base = random.choice(FREE_BASES)  # noqa: S311 (no secret: only to keep instances apart)
        if not any(True for _ in taken(Ports(base))):
            return base
    raise BadPorts("No free range of ports was found between 20000 and 32000.")


def taken(ports: Ports) -> Iterator[Taken]:
    """Every port of the instance that something listens on already."""
    for name in OFFSETS:
        if not _is_free(ports[name]):
            what = FOR_WHAT.get(name, f"the service {name}")
            yield Taken(ports[name], what, _holder(ports[name]))


def _is_free(port: int) -> bool:
    return _can_bind(socket.AF_INET, "127.0.0.1", port) and _can_bind(socket.AF_INET6, "::1", port)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # The servers do the same, so a port in TIME_WAIT is as free for us as for them.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        # A machine without IPv6 cannot bind ::1 at all, and nobody else can listen there either.
        return family == socket.AF_INET6 and error.errno not in (13, 98)
    return True


def _holder(port: int) -> str | None:
    for connection in psutil.net_connections(kind="tcp"):
        listens = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
        if listens and connection.pid:
            try:
                return f"{psutil.Process(connection.pid).name()}, pid {connection.pid}"
            except psutil.Error:
                return None
    return None
