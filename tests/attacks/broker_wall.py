"""How RabbitMQ's wall is taken down: virtual hosts beside the real one, in each of which one thing is wider.

The attacker is the service sharing with its own password. In the real virtual host it has what its charter
gives it; in a loose one the same exchanges and queues stand, and one permission is not what it should be.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import AMQPError

from chassis.charter import all_charters
from deploy.local import rabbitmq
from deploy.topology import broker
from deploy.topology.secrets import ROOT, Secrets
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground

ATTACKER = "sharing"
TWIN = "twin"
OWN = "sharing.recall.overdue.v1"
Try = Callable[[Ground, AbstractChannel], Awaitable[str]]


@dataclass(frozen=True)
class Loose:
    """What the attacker may do in a loose virtual host: what it may in the real one, but for what is given.

    `topics` is the permission to publish by routing key, `heard` the one to bind by it. With `twin` a second
    user acts, who has the same password and may speak in another's name.
    """

    configure: str | None = None
    write: str | None = None
    read: str | None = None
    topics: str | None = None
    heard: str | None = None
    internal: bool = True
    twin: bool = False


@dataclass(frozen=True)
class BrokerAttack:
    """One thing that a hostile service does with a channel of its own."""

    name: str
    wants: str
    rule: str
    do: Try
    loose: Loose

    @property
    def vhost(self) -> str:
        """The loose virtual host of this attack."""
        return "loose " + self.name

    def as_attack(self) -> Attack[Ground]:
        """The same for the judge."""
        user = TWIN if self.loose.twin else ATTACKER
        return Attack("broker", self.name, self.wants, self.rule, self._attempt, in_vhost(self.vhost, user))

    async def _attempt(self, ground: Ground) -> str:
        user, password = ground.facts.get("broker user", ATTACKER), password_of(ground)
        async with channel(ground, user, password) as own:
            return await self.do(ground, own)


def password_of(ground: Ground) -> str:
    """The attacker's own password at the broker."""
    return Secrets(ground.passwords).broker_password(ATTACKER)


def in_vhost(name: str, user: str = ATTACKER) -> Callable[[Ground], AbstractAsyncContextManager[Ground]]:
    """The same house, with letters in another virtual host."""

    @asynccontextmanager
    async def off(ground: Ground) -> AsyncIterator[Ground]:
        yield replace(ground, vhost=name, facts={**ground.facts, "broker user": user})

    return off


@asynccontextmanager
async def channel(ground: Ground, user: str, password: str | None = None) -> AsyncIterator[AbstractChannel]:
    """A channel with confirms; whatever the broker refuses is Held."""
    try:
        async with await aio_pika.connect(ground.broker_url(user, password), timeout=10) as connection:
            yield await connection.channel(publisher_confirms=True, on_return_raises=True)
    except (AMQPError, ConnectionError) as refused:
        words = " ".join(str(refused).split())
        if "REFUSED" not in words and "PRECONDITION" not in words:
            raise
        raise Held(words[:200]) from None


def definitions_of(attacks: Iterable[BrokerAttack], secrets: Path) -> dict[str, Any]:
    """All loose virtual hosts as the broker imports them: the real definitions, each wider in one place."""
    real = broker.definitions(secrets, all_charters(ROOT))
    together: dict[str, list[Any]] = {section: [] for section in ("vhosts", *broker.SECTIONS)}
    attacker = next(one for one in real["users"] if one["name"] == ATTACKER)
    together["users"] = [{**attacker, "name": TWIN, "tags": ["impersonator"]}]
    for attack in attacks:
        for section, entries in _loosened(real, attack).items():
            together[section] += entries
    return together


def _loosened(real: dict[str, Any], attack: BrokerAttack) -> dict[str, list[Any]]:
    loose, vhost = attack.loose, attack.vhost
    own = next(one for one in real["permissions"] if one["user"] == ATTACKER)
    wider = {name: getattr(loose, name) for name in ("configure", "write", "read") if getattr(loose, name)}
    topics = next(one for one in real["topic_permissions"] if one["user"] == ATTACKER)
    said = {"write": loose.topics or topics["write"], "read": loose.heard or topics["read"]}
    exchanges = [{**one, "internal": one["internal"] and loose.internal} for one in real["exchanges"]]
    queues = [one for one in real["queues"] if ATTACKER in one["name"] or one["name"] == "dead"]
    kept = {one["name"] for one in queues}
    bindings = [one for one in real["bindings"] if one["destination"] in kept]
    return {
        "vhosts": [{"name": vhost}],
        "permissions": [{**own, **wider, "vhost": vhost, "user": user} for user in (ATTACKER, TWIN)],
        "topic_permissions": [{**topics, **said, "vhost": vhost, "user": user} for user in (ATTACKER, TWIN)],
        "exchanges": [{**one, "vhost": vhost} for one in exchanges],
        # Quorum queues cost a log of their own each, and these live for a minute.
        "queues": [{**one, "vhost": vhost, "arguments": {}} for one in queues],
        "bindings": [{**one, "vhost": vhost} for one in bindings],
    }


def beside(vhost: str, listener: str, secrets: Path) -> dict[str, list[Any]]:
    """A virtual host with the real definitions, of which only one service's queues stand: it hears there."""
    real = broker.definitions(secrets, all_charters(ROOT))
    queues = [one for one in real["queues"] if one["name"].startswith(f"{listener}.")]
    kept = {one["name"] for one in queues} | {"dead"}
    dead = next(one for one in real["queues"] if one["name"] == "dead")
    found = {
        "permissions": real["permissions"],
        "topic_permissions": real["topic_permissions"],
        "exchanges": real["exchanges"],
        "queues": [{**one, "arguments": {}} for one in (*queues, dead)],
        "bindings": [one for one in real["bindings"] if one["destination"] in kept],
    }
    moved = {name: [{**one, "vhost": vhost} for one in entries] for name, entries in found.items()}
    return {"vhosts": [{"name": vhost}], **moved}


async def load(ground: Ground, definitions: dict[str, Any]) -> None:
    """Give the house's broker more definitions. Raises RuntimeError with the tool's words."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(definitions, file)
        file.flush()
        await control(ground, "import_definitions", file.name)


async def control(ground: Ground, *words: str) -> str:
    """Run rabbitmqctl against the house's broker."""
    server = rabbitmq.of(ground.instance)
    environment = {**os.environ, **rabbitmq.tools_environment(server)}
    done = await asyncio.create_subprocess_exec(
        str(server.scripts / "rabbitmqctl"),
        *words,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await done.communicate()
    if done.returncode:
        raise RuntimeError(f"rabbitmqctl {words[0]} failed: {said.decode()[-500:]}")
    return said.decode()
