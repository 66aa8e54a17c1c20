"""A RabbitMQ of the tests' own: Debian's server, private, on free ports, gone when the tests end."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.local import rabbitmq
from deploy.local.ports import Ports, free_base
from deploy.local.processes import Program


@dataclass
class Broker:
    """One running broker; `stop` and `start` are for tests of its absence."""

    server: rabbitmq.RabbitMQ
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return self.server.port

    def start(self) -> None:
        for program in rabbitmq.programs(self.server):
            if program.name not in self.processes:
                self.processes[program.name] = self._started(program)

    def _started(self, program: Program) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            list(program.command),
            env=dict(program.environment),
            cwd=program.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(400):
            if asyncio.run(_asked(program)):
                return process
            time.sleep(0.1)
        process.kill()
        raise RuntimeError(f"{program.name} did not start")

    def stop(self, name: str = "rabbitmq") -> None:
        process = self.processes.pop(name, None)
        if process is not None:
            process.terminate()
            process.wait(30)

    def kill(self) -> None:
        process = self.processes.pop("rabbitmq")
        process.kill()
        process.wait(30)


async def _asked(program: Program) -> bool:
    return await program.ready()


@contextmanager
def running_broker(definitions: Mapping[str, Any], more: Sequence[str] = ()) -> Iterator[Broker]:
    """A broker with these definitions, and more lines of configuration, that lives as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="avondkassa-broker-"))
    ports = Ports(free_base())
    server = rabbitmq.RabbitMQ(
        folder, rabbitmq._scripts(), ports["amqp"], ports["rabbit_dist"], ports["epmd"]
    )
    broker = Broker(server)
    try:
        rabbitmq.initialise(server)
        server.definitions.write_text(json.dumps(definitions))
        with (folder / "rabbitmq.conf").open("a") as configuration:
            configuration.writelines(f"{line}\n" for line in more)
        broker.start()
        yield broker
    finally:
        broker.stop()
        broker.stop("epmd")
        shutil.rmtree(folder, ignore_errors=True)
