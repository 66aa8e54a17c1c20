"""The whole house: what starts after what."""

import asyncio
import base64
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

import aio_pika
import asyncpg

import deploy.topology.broker
import deploy.topology.database
import deploy.topology.secrets
from deploy.local import endpoints, environment, postgres, rabbitmq, readiness, sizes
from deploy.local import season as seasons
from deploy.local.group import Group
from deploy.local.instance import read_json, write_private
from deploy.local.processes import Program

STARTED_OVER = (
    "postgres",
    "rabbitmq",
    "secrets",
    "mollie.sqlite",
    "inbox",
    "receiver",
    "ledger/erased.jsonl",
    "ledger/looks",
)


def as_shipped(service: str) -> Sequence[str]:
    """What Python runs for a service."""
    return ("-m", f"services.{service}.app")


@dataclass(frozen=True)
class House:
    """One instance of everything: `open` brings it up in the processes of `group`.

    `service` says what Python runs for each service; tests put a composition of their own in its place.
    `season` is what a new instance is loaded with.
    """

    group: Group
    service: Callable[[str], Sequence[str]] = as_shipped
    season: str = sizes.SMALL

    async def open(self) -> dict[str, Any]:
        """Start everything. Returns the endpoints. Raises NotReady, NoBroker and what the parts raise."""
        instance = self.group.instance
        self._begin_again_if_half_founded()
        deploy.topology.secrets.ensure(instance.secrets)
        _agree_with_receiver(environment.receiver_secret(instance))
        async with asyncio.TaskGroup() as together:
            together.create_task(self._broker())
            together.create_task(self._outside())
            # Services come up beside the broker: they are ready once they hear it, and not before.
            together.create_task(self._database_and_services())
        write_private(instance.founded, f"{instance.ports.base}\n")
        return endpoints.write(instance, self.group.screen.seconds)

    def _begin_again_if_half_founded(self) -> None:
        """A first start that was cut off left nothing that anyone has used, so it is made again."""
        instance = self.group.instance
        if instance.founded.exists():
            return
        for name in STARTED_OVER:
            path = instance.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        shutil.rmtree(postgres.outside_data(instance), ignore_errors=True)
        instance.secrets.mkdir(mode=0o700)

    async def _database_and_services(self) -> None:
        await self._database()
        await self._services()

    async def _database(self) -> None:
        instance = self.group.instance
        server = postgres.of(instance)
        await asyncio.to_thread(postgres.initialise, server)
        await self.group.start(postgres.program(server))
        await deploy.topology.database.apply(server.dsn, instance.secrets)
        self.group.screen.say("roles, grants and migrations applied")
        ways = {name: endpoints.database_url(instance, name, "migrate") for name in environment.SERVICES}
        receiver = f"{instance.ports.url('receiver')}/webhooks"
        if not instance.founded.exists():
            await seasons.load(instance.folder, ways, receiver, self.season)
            sizes.keep(instance, self.season)
            self.group.screen.say(
                "season loaded" if self.season == sizes.SMALL else f"{self.season} season loaded"
            )
        elif instance.founded.read_text() != f"{instance.ports.base}\n":
            await _move_receiver(ways["sharing"], receiver)

    async def _broker(self) -> None:
        instance = self.group.instance
        broker = rabbitmq.of(instance)
        rabbitmq.initialise(broker)
        wanted = deploy.topology.broker.definitions(instance.secrets)
        write_private(broker.definitions, json.dumps(wanted, indent=1))
        for program in rabbitmq.programs(broker):
            await self.group.start(program)
        await self._unbind(broker.home / "applied.json", wanted)

    async def _unbind(self, applied: Path, wanted: dict[str, Any]) -> None:
        """Loading definitions only adds: take away the bindings that no charter asks for any more."""
        before = read_json(applied)
        stale = deploy.topology.broker.stale_bindings(wanted, before) if before else []
        if stale:
            connection = await aio_pika.connect(endpoints.broker_url(self.group.instance))
            async with connection:
                channel = await connection.channel()
                for queue, key in stale:
                    old = await channel.get_queue(queue, ensure=False)
                    await old.unbind(deploy.topology.broker.EXCHANGE, key)
        write_private(applied, json.dumps(wanted, indent=1))

    async def _outside(self) -> None:
        """What the services speak to that is not ours in production: payments, mail, an organiser."""
        here, ports = self.group.instance, self.group.instance.ports
        programs = (
            _python("mollie", "deploy.local.mollie", environment.of_mollie(here), ports["mollie"]),
            _python("inbox", "deploy.local.inbox", environment.of_inbox(here), ports["inbox"]),
            _python("receiver", "examples.organiser", environment.of_receiver(here), ports["receiver"]),
        )
        async with asyncio.TaskGroup() as together:
            for program in programs:
                together.create_task(self.group.start(program))

    async def _services(self) -> None:
        here = self.group.instance
        async with asyncio.TaskGroup() as together:
            for name in environment.SERVICES:
                ready = readiness.http(here.ports[name], "/readyz")
                settings = environment.write(here, name)
                command = (sys.executable, *self.service(name))
                program = Program(name=name, command=command, environment=settings, ready=ready)
                together.create_task(self.group.start(program))


def _python(name: str, module: str, settings: Mapping[str, str], port: int) -> Program:
    command = (sys.executable, "-m", module)
    return Program(name=name, command=command, environment=settings, ready=readiness.tcp(port))


def _agree_with_receiver(file: Path) -> None:
    """The secret that signs the example organiser's messages, in the form of standardwebhooks."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(file, f"whsec_{base64.b64encode(token_bytes(24)).decode()}\n")


async def _move_receiver(sharing: str, url: str) -> None:
    """With other ports, the season's one endpoint moves along; endpoints elsewhere stay."""
    connection = await asyncpg.connect(sharing)
    await connection.execute("UPDATE endpoint SET url = $1 WHERE url LIKE 'http://localhost:%'", url)
    await connection.close()
