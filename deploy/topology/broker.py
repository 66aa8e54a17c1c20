"""RabbitMQ's definitions: users, permissions, queues and bindings, generated from what charters say and hear.

Services may configure nothing, read their own queues and publish their own topics; queues are only added.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aio_pika

from chassis.charter import Charter, all_charters
from deploy.topology.broker_drift import Definitions, differences, key_of
from deploy.topology.secrets import ADMINISTRATOR, ROOT, Secrets

VHOST = "/"
EXCHANGE = "events"
DEAD_EXCHANGE = "dead-letters"
DEAD_QUEUE = "dead"
UNHEARD_QUEUE = "unheard"
DELIVERY_LIMIT = 20
DAY_MS = 86_400_000
NOTHING = "^$"
SECTIONS = ("users", "permissions", "topic_permissions", "exchanges", "queues", "bindings")
"""What the definitions are made of, beside the virtual host."""


def definitions(folder: Path, charters: Mapping[str, Charter] | None = None) -> Definitions:
    """Everything that the broker must know, as `load_definitions` takes it; stable for stable secrets."""
    known = charters if charters is not None else all_charters(ROOT)
    secrets = Secrets(folder)
    users = [*sorted(known), ADMINISTRATOR]
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, secrets.broker_password(name)) for name in users],
        "permissions": [
            *map(_permission, sorted(known.values(), key=lambda c: c.service)),
            _all_permissions(),
        ],
        "topic_permissions": [_topic_permission(known[name]) for name in sorted(known)],
        "exchanges": [_exchange(EXCHANGE, "topic"), _exchange(DEAD_EXCHANGE, "fanout", internal=True)],
        "queues": [_dead_queue(), _unheard_queue(), *[_queue(name) for name in sorted(_listening(known))]],
        "bindings": [*_bindings(known)],
    }


def unheard_topics(charters: Mapping[str, Charter]) -> list[str]:
    """Topics that are said and that nobody hears: declared so, because publishes are mandatory."""
    said = {topic for charter in charters.values() for topic in charter.says()}
    heard = {topic for charter in charters.values() for topic in charter.hears()}
    return sorted(said - heard)


def unsaid_topics(charters: Mapping[str, Charter]) -> list[str]:
    """Topics that someone listens for and that nobody says: a mistake in a charter."""
    said = {topic for charter in charters.values() for topic in charter.says()}
    heard = {topic for charter in charters.values() for topic in charter.hears()}
    return sorted(heard - said)


def drift(wanted: Definitions, exported: Definitions) -> list[str]:
    """What an export of the running broker has too little or too much of, one line each."""
    return [difference.sentence for difference in differences(wanted, exported)]


def stale_bindings(wanted: Definitions, exported: Definitions) -> list[tuple[str, str]]:
    """Queue and routing key of bindings of the running broker that no charter asks for."""
    ours = {key_of("bindings", entry) for entry in wanted["bindings"]}
    return [
        (entry["destination"], entry["routing_key"])
        for entry in exported.get("bindings", [])
        if key_of("bindings", entry) not in ours and entry["source"] == EXCHANGE
    ]


async def remove_bindings(amqp_url: str, stale: Sequence[tuple[str, str]]) -> None:
    """Unbind what no charter asks for any more, as the administrator: loading definitions only ever adds."""
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        for name, routing_key in stale:
            queue = await channel.get_queue(name, ensure=False)
            await queue.unbind(EXCHANGE, routing_key)


def _listening(charters: Mapping[str, Charter]) -> Iterator[str]:
    for service, charter in charters.items():
        for topic in charter.hears():
            yield f"{service}.{topic}"


def _user(name: str, password: str) -> dict[str, Any]:
    salt = hashlib.sha256(f"{name}:{password}".encode()).digest()[:4]
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [ADMINISTRATOR] if name == ADMINISTRATOR else [],
    }


def _permission(charter: Charter) -> dict[str, str]:
    """No write on amq.default: with it a queue with a dead-letter exchange smuggles any routing key."""
    return {
        "user": charter.service,
        "vhost": VHOST,
        "configure": NOTHING,
        "write": f"^{EXCHANGE}$" if charter.says() else NOTHING,
        "read": rf"^{charter.service}\." if charter.hears() else NOTHING,
    }


def _all_permissions() -> dict[str, str]:
    return {"user": ADMINISTRATOR, "vhost": VHOST, "configure": ".*", "write": ".*", "read": ".*"}


def _topic_permission(charter: Charter) -> dict[str, str]:
    topics = "|".join(re.escape(topic) for topic in sorted(charter.says()))
    write = f"^({topics})$" if topics else NOTHING
    return {"user": charter.service, "vhost": VHOST, "exchange": EXCHANGE, "write": write, "read": NOTHING}


def _exchange(name: str, kind: str, *, internal: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": VHOST,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": internal,
        "arguments": {},
    }


def _queue(name: str) -> dict[str, Any]:
    return _durable(
        name,
        {
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD_EXCHANGE,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def _dead_queue() -> dict[str, Any]:
    return _durable(DEAD_QUEUE, {"x-queue-type": "quorum", "x-message-ttl": DAY_MS})


def _unheard_queue() -> dict[str, Any]:
    """Where letters that nobody hears end: they are gone on arrival, and the mandatory publish is content."""
    return _durable(UNHEARD_QUEUE, {"x-queue-type": "classic", "x-message-ttl": 0})


def _durable(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": arguments}


def _bindings(charters: Mapping[str, Charter]) -> Iterator[dict[str, Any]]:
    for service in sorted(charters):
        for topic in sorted(charters[service].hears()):
            yield _binding(EXCHANGE, f"{service}.{topic}", topic)
    for topic in unheard_topics(charters):
        yield _binding(EXCHANGE, UNHEARD_QUEUE, topic)
    yield _binding(DEAD_EXCHANGE, DEAD_QUEUE, "")


def _binding(source: str, queue: str, routing_key: str) -> dict[str, Any]:
    return {
        "source": source,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": routing_key,
        "arguments": {},
    }
