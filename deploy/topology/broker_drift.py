"""The running broker compared with the definitions, and brought to them."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import aio_pika
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import ChannelClosed

Definitions = dict[str, Any]
Control = Callable[..., Awaitable[str]]
"""Runs rabbitmqctl with these words and gives what it said; RuntimeError where it fails."""

_PLACES: Mapping[str, tuple[str, ...]] = {
    "vhosts": ("name",),
    "users": ("name",),
    "permissions": ("user", "vhost"),
    "topic_permissions": ("user", "vhost", "exchange"),
    "exchanges": ("name", "vhost"),
    "queues": ("name", "vhost"),
    "bindings": ("source", "destination", "routing_key", "vhost", "destination_type"),
    "policies": ("name", "vhost"),
    "parameters": ("name", "vhost", "component"),
    "global_parameters": ("name",),
}
_NOT_COMPARED = {"users": {"limits"}, "queues": {"type"}, "vhosts": {"limits", "metadata"}}
_AS_USUAL = {"internal": False, "arguments": {}, "tags": []}
_EXCHANGES = ("name", "type", "durable", "auto_delete", "internal", "arguments")


class Difference(NamedTuple):
    """One difference: where, in a sentence, and the words by which rabbitmqctl takes it away, if any do."""

    section: str
    key: tuple[str, ...]
    sentence: str
    mend: tuple[str, ...] | None


def key_of(section: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    """What makes an entry of a section itself."""
    return tuple(str(entry.get(part, "/")) for part in _PLACES[section])


def differences(wanted: Definitions, running: Definitions) -> list[Difference]:
    """Everything in which a running broker is not what the definitions say."""
    found: list[Difference] = []
    for section in _PLACES:
        ours = {key_of(section, entry): entry for entry in wanted.get(section, [])}
        theirs = {key_of(section, entry): entry for entry in running.get(section, [])}
        for key in sorted(ours.keys() - theirs.keys()):
            found.append(_told(section, key, "is missing"))
        for key in sorted(theirs.keys() - ours.keys()):
            found.append(_told(section, key, "is too many", _removal(section, key)))
        for key in sorted(ours.keys() & theirs.keys()):
            if _facts(section, ours[key]) != _facts(section, theirs[key]):
                found.append(_told(section, key, "differs"))
        for key, entry in sorted(theirs.items()):
            if section == "users" and entry.get("limits"):
                found.append(_told(section, key, "is limited", ("clear_user_limits", key[0], "all")))
    return found


def _told(section: str, key: tuple[str, ...], how: str, mend: tuple[str, ...] | None = None) -> Difference:
    if section == "bindings":
        name = f"{key[0]} to {key[1]} by {key[2]}"
    else:
        name = " of ".join(part for part in (key[0], *key[2:]) if part)
    aside = "" if len(key) < 2 or section == "bindings" or key[1] == "/" else f" in {key[1]}"
    return Difference(section, key, f"{section}: {name}{aside} {how}", mend)


def _removal(section: str, key: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words for rabbitmqctl; None for what goes by AMQP, and for queues, which are drained by hand."""
    place = ("-p", key[1]) if len(key) > 1 else ()
    if section == "parameters":
        return _parameter(key, place)
    words = {
        "vhosts": ("delete_vhost", key[0]),
        "users": ("delete_user", key[0]),
        "permissions": ("clear_permissions", *place, key[0]),
        "topic_permissions": ("clear_topic_permissions", *place, key[0], *key[2:]),
        "policies": ("clear_policy", *place, key[0]),
        "global_parameters": ("clear_global_parameter", key[0]),
    }
    return words.get(section)


def _parameter(key: tuple[str, ...], place: tuple[str, ...]) -> tuple[str, ...]:
    name, _, component = key
    if component == "operator_policy":
        return ("clear_operator_policy", *place, name)
    if component == "vhost-limits":
        return ("clear_vhost_limits", *place)
    return ("clear_parameter", *place, component, name)


def _facts(section: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    left_out = _NOT_COMPARED.get(section, set())
    return {**_AS_USUAL, **{name: value for name, value in entry.items() if name not in left_out}}


def control_by(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Control:
    """Reaches a broker by this command, such as `rabbitmqctl` or `kubectl exec rabbitmq-0 -- rabbitmqctl`."""

    async def control(*words: str) -> str:
        done = await asyncio.create_subprocess_exec(
            *command,
            *words,
            env=None if environment is None else {**os.environ, **environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, faults = await done.communicate()
        if done.returncode:
            raise RuntimeError(f"rabbitmqctl {words[:3]} failed: {(said + faults).decode()[-300:]}")
        return said.decode()

    return control


async def export(control: Control) -> Definitions:
    """What the running broker has. Its own export leaves out exchanges that are internal."""
    running: Definitions = json.loads(await control("-q", "export_definitions", "-"))
    for vhost in running["vhosts"]:
        words = ("-q", "--formatter", "json", "-p", vhost["name"], "list_exchanges", *_EXCHANGES)
        known = {(one["name"], one["vhost"]) for one in running["exchanges"]}
        for exchange in json.loads(await control(*words)):
            name = exchange["name"]
            exchange["arguments"] = dict(exchange["arguments"])
            if name and not name.startswith("amq.") and (name, vhost["name"]) not in known:
                running["exchanges"].append({**exchange, "vhost": vhost["name"]})
    return running


class Made(NamedTuple):
    """What differed, and what still does: queues and exchanges do not change while letters may lie there."""

    found: list[Difference]
    left: list[Difference]


async def make_exact(control: Control, amqp_url: str, wanted: Definitions) -> Made:
    """Bring the running broker to the definitions."""
    found = differences(wanted, await export(control))
    if not found:
        return Made([], [])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(wanted, file)
        file.flush()
        await control("-q", "import_definitions", file.name)
    # Users and virtual hosts go last: they would take along what stands for them.
    for difference in sorted(found, key=lambda one: one.section in ("users", "vhosts")):
        if difference.mend is not None:
            await control("-q", *difference.mend)
    await _take_away(amqp_url, found)
    return Made(found, differences(wanted, await export(control)))


async def _take_away(amqp_url: str, found: Iterable[Difference]) -> None:
    """Bindings and exchanges that nobody asked for, as the administrator: rabbitmqctl cannot."""
    async with await aio_pika.connect(amqp_url) as connection:
        for difference in found:
            if difference.section in ("bindings", "exchanges") and difference.sentence.endswith("too many"):
                channel = await connection.channel()
                # What another difference took along is gone already, and the broker closes the channel.
                with suppress(ChannelClosed):
                    await _gone(channel, difference)
                if not channel.is_closed:
                    await channel.close()


async def _gone(channel: AbstractChannel, difference: Difference) -> None:
    if difference.section == "exchanges":
        await channel.exchange_delete(difference.key[0])
        return
    source, destination, topic, _, kind = difference.key
    if kind == "queue":
        await (await channel.get_queue(destination, ensure=False)).unbind(source, topic)
    else:
        await (await channel.get_exchange(destination, ensure=False)).unbind(source, topic)
