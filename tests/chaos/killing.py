"""SIGKILL for parts of a running house, at the moment when a certain request is under way."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import asyncpg

from deploy.local import readiness, records
from deploy.local.demo.wire import Asked, Reply, Wire
from deploy.local.environment import SERVICES
from tests.conftest import House

TARGETS = (*SERVICES, "rabbitmq", "postgres")
UNDER_WAY = 0.003
"""Seconds between the sending of a request and the blow."""
BACK_WITHIN = 90.0
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/l/).+")


def kill(house: House, name: str) -> int:
    """Kill a process of the house without warning; its pid."""
    pid = records.living(house.folder / "pids")[name]
    os.kill(pid, signal.SIGKILL)
    return pid


async def back(house: House, name: str, before: int) -> float:
    """Wait until the part lives again under another pid and answers; seconds. Raises TimeoutError."""
    began = time.monotonic()
    while time.monotonic() < began + BACK_WITHIN:
        pid = records.living(house.folder / "pids").get(name)
        if pid not in (None, before) and await _answers(house, name):
            return time.monotonic() - began
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{name} did not come back within {BACK_WITHIN:g} s")


async def _answers(house: House, name: str) -> bool:
    if name == "rabbitmq":
        return await readiness.amqp(house.instance.ports["amqp"])()
    if name != "postgres":
        return await readiness.http(house.instance.ports[name], "/readyz")()
    try:
        connection = await asyncpg.connect(house.endpoints["databases"]["orders"], timeout=2)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


@dataclass
class Strike:
    """A wire on which the n-th request is struck: while it is under way, something dies."""

    wire: Wire
    struck: str = ""
    _left: int = field(default=0, init=False)
    _where: str = field(default="", init=False)
    _blow: Callable[[], object] | None = field(default=None, init=False)

    def arm(self, at: int, blow: Callable[[], object], where: str = "") -> None:
        """Strike at the n-th request from now, of those that begin with `where` ("POST /api/v1/orders")."""
        self._left, self._blow, self._where, self.struck = at, blow, where, ""

    def finish(self) -> None:
        """Strike now, if there were fewer requests than that."""
        if self._blow is not None:
            self._strike("its end")

    async def send(self, asked: Asked) -> Reply:
        """Carry the request, with the blow in between where it is its turn."""
        line = f"{asked.method} {ID.sub('…', urlsplit(asked.url).path)}"
        self._left -= line.startswith(self._where)
        if self._blow is None or self._left > 0:
            return await self.wire.send(asked)
        sending = asyncio.create_task(self.wire.send(asked))
        await asyncio.sleep(UNDER_WAY)
        self._strike(line)
        return await sending

    def _strike(self, where: str) -> None:
        assert self._blow is not None
        blow, self._blow, self.struck = self._blow, None, where
        blow()
