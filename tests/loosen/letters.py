"""The broker's permissions and bindings, each widened in place, and a service tries what the laws refuse."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import AMQPError, PublishError

from deploy.local import rabbitmq
from deploy.topology.broker import EXCHANGE, UNHEARD_QUEUE, VHOST
from deploy.topology.secrets import ADMINISTRATOR
from tests.loosen.laws import Said

SECONDS = 5
GOSSIP = ("everybody.gossip.spread.v1", "{service}.gossip.spread.v1")
"""Topics that nobody says, not even in their own name."""
ELSEWHERE = ("", "dead-letters", "amq.topic", "amq.fanout", "amq.direct")
Try = Callable[[AbstractChannel], Awaitable[object]]


class Attempt(NamedTuple):
    """Something that a service does at the broker: the law, what it does, and whether the law allows it."""

    says: str
    does: str
    subject: str
    act: Try
    allowed: bool = False


@dataclass(frozen=True)
class Post:
    """A running broker with the house's definitions, and the laws about letters."""

    server: rabbitmq.RabbitMQ
    definitions: Mapping[str, Any]
    password: Callable[[str], str]
    said: tuple[Said, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """Every user but the administrator."""
        return tuple(sorted(one["name"] for one in self.definitions["users"] if one["name"] != ADMINISTRATOR))

    @property
    def queues(self) -> tuple[str, ...]:
        """Every queue."""
        return tuple(one["name"] for one in self.definitions["queues"])

    @asynccontextmanager
    async def connected(self, user: str) -> AsyncIterator[AbstractConnection]:
        """A connection of a user, with what they may do read anew."""
        async with await aio_pika.connect(
            host="127.0.0.1", port=self.server.port, login=user, password=self.password(user), timeout=10
        ) as connection:
            yield connection

    async def evaluate(self, *statements: str) -> None:
        """Erlang in the broker itself. RuntimeError with the tool's words where it fails."""
        done = await asyncio.create_subprocess_exec(
            str(self.server.scripts / "rabbitmqctl"),
            "-q",
            "eval",
            ", ".join(statements) + ".",
            env={**os.environ, **rabbitmq.tools_environment(self.server)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        if done.returncode:
            raise RuntimeError(f"rabbitmqctl eval failed: {said.decode()[-300:]}")


def attempts(post: Post, service: str) -> Iterator[Attempt]:
    """What the laws have to say about one service."""
    for said in post.said:
        mine = said.service == service
        yield Attempt("A service says its own words only.", "says", said.topic, _publish(said.topic), mine)
    for topic in GOSSIP:
        name = topic.format(service=service)
        yield Attempt("A service says what its letters are, and no more.", "says", name, _publish(name))
    for place in ELSEWHERE:
        yield Attempt("A service speaks in one place only.", "writes to", place, _publish("x", place))
    for queue in post.queues:
        mine = queue.startswith(f"{service}.")
        yield Attempt("A service reads its own letters only.", "reads", queue, _read(queue), mine)
    name = f"{service}.hideaway"
    yield Attempt("A service makes no queue.", "declares", name, lambda channel: channel.declare_queue(name))
    yield Attempt("A service removes no queue.", "deletes", name, lambda channel: channel.queue_delete(name))
    says = "A service speaks in its own name."
    own = next(said.topic for said in post.said if said.service == service)
    yield Attempt(says, "pretends to be", ADMINISTRATOR, _publish(own, user=ADMINISTRATOR))


def _publish(topic: str, place: str = EXCHANGE, user: str | None = None) -> Try:
    async def act(channel: AbstractChannel) -> None:
        exchange = await channel.get_exchange(place, ensure=False) if place else channel.default_exchange
        message = aio_pika.Message(b"{}", user_id=user)
        try:
            await exchange.publish(message, routing_key=topic, mandatory=True, timeout=SECONDS)
        except PublishError:
            # It was allowed to speak, and nobody listened.
            return

    return act


def _read(name: str) -> Try:
    async def act(channel: AbstractChannel) -> None:
        queue = await channel.get_queue(name, ensure=False)
        await queue.get(fail=False, no_ack=True, timeout=SECONDS)

    return act


async def succeeds(connection: AbstractConnection, attempt: Attempt) -> bool:
    """Whether the broker lets it be: on a channel of its own, because a refusal closes that."""
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    try:
        await attempt.act(channel)
    except AMQPError as refused:
        # Whatever else was in the way, it was no permission.
        return not ("ACCESS_REFUSED" in str(refused) or "user_id" in str(refused))
    finally:
        if not channel.is_closed:
            await channel.close()
    return True


async def complaints(post: Post, service: str, only: Callable[[Attempt], bool] = lambda _: True) -> list[str]:
    """What the laws say about what a service can do; `only` picks attempts."""
    found = []
    async with post.connected(service) as connection:
        for attempt in attempts(post, service):
            if only(attempt) and await succeeds(connection, attempt) != attempt.allowed:
                may = "may not" if attempt.allowed else "may"
                found.append(f"broker: {service} {may}: {attempt.does} {attempt.subject}. {attempt.says}")
    return found


async def deliveries(post: Post) -> list[str]:
    """Where letters end: each in the queues of those who listen, and nowhere else."""
    meant = {f"{listener}.{said.topic}": said.topic for said in post.said for listener in said.listeners}
    found = []
    async with post.connected(ADMINISTRATOR) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await _taken_out(channel, post)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        for said in post.said:
            letter = aio_pika.Message(said.topic.encode())
            await exchange.publish(letter, routing_key=said.topic, timeout=SECONDS)
        for name, topics in (await _taken_out(channel, post)).items():
            wanted = {meant[name]} if name in meant else set()
            for topic in sorted(topics ^ wanted):
                arrives = "arrives in" if topic in topics else "never arrives in"
                found.append(f"broker: {topic} {arrives} {name}. A letter reaches those who listen.")
    return found


async def _taken_out(channel: AbstractChannel, post: Post) -> dict[str, set[str]]:
    """What lay in each queue, by topic; letters that nobody hears are gone by themselves."""
    found: dict[str, set[str]] = {}
    for name in post.queues:
        if name != UNHEARD_QUEUE:
            queue = await channel.get_queue(name, ensure=False)
            while (letter := await queue.get(fail=False, no_ack=True, timeout=SECONDS)) is not None:
                found.setdefault(name, set()).add(letter.body.decode())
    return found


class Wider(NamedTuple):
    """One permission, wider: in words, what makes it so, what makes it as it was, whose it is."""

    found: str
    means: str
    loosen: str
    tighten: str
    service: str


def permissions(post: Post) -> Iterator[Wider]:
    """Every permission of every service as the definitions have it, each wider by one step."""
    tags = {one["name"]: one["tags"] for one in post.definitions["users"]}
    rights = {one["user"]: one for one in post.definitions["permissions"]}
    topics = {one["user"]: one for one in post.definitions["topic_permissions"]}
    for service in post.services:
        now = rights[service]
        for word in ("configure", "write", "read"):
            loosen, tighten = _rights({**now, word: ".*"}), _rights(now)
            yield Wider(f"{service} {word}", f"{now[word]} becomes .*", loosen, tighten, service)
        other = next(said.topic for said in post.said if said.service != service)
        spoken = topics[service]["write"]
        more = f"{spoken}|^{re.escape(other)}$"
        tighten = _topics(topics[service])
        yield Wider(
            f"{service} topics", f"{other} too", _topics({**topics[service], "write": more}), tighten, service
        )
        assert not tags[service], "no service has a tag"
        yield Wider(
            f"{service} tags", "impersonator", _tags(service, "[impersonator]"), _tags(service, "[]"), service
        )


def _binary(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    return f'<<"{escaped}">>'


def _rights(entry: Mapping[str, str]) -> str:
    words = (entry["user"], VHOST, entry["configure"], entry["write"], entry["read"], "loosen")
    return f"rabbit_auth_backend_internal:set_permissions({', '.join(map(_binary, words))})"


def _topics(entry: Mapping[str, str]) -> str:
    words = (entry["user"], VHOST, EXCHANGE, entry["write"], entry["read"], "loosen")
    return f"rabbit_auth_backend_internal:set_topic_permissions({', '.join(map(_binary, words))})"


def _tags(user: str, tags: str) -> str:
    return f"rabbit_auth_backend_internal:set_tags({_binary(user)}, {tags}, {_binary('loosen')})"


KINDS = {
    "configure": ("declares", "deletes"),
    "write": ("writes to",),
    "read": ("reads",),
    "topics": ("says",),
    "tags": ("pretends to be",),
}
"""What a service tries when one of its permissions is wider."""


async def permission_noticed(post: Post, wider: Wider) -> bool:
    """Whether a law complains about what a service can do now."""
    kind = wider.found.rpartition(" ")[2]
    return bool(await complaints(post, wider.service, lambda attempt: attempt.does in KINDS[kind]))


class Bound(NamedTuple):
    """One binding as the definitions have it, and one more: a queue that gets what is not meant for it."""

    found: str
    queue: str
    more: Said


def bindings(post: Post) -> Iterator[Bound]:
    """Every binding, with the next topic that its queue must not get; what nobody hears comes to somebody."""
    ear = next(name for name in post.queues if name.startswith(post.services))
    by_topic = {said.topic: said for said in post.said}
    for entry in post.definitions["bindings"]:
        queue, topic = entry["destination"], entry["routing_key"]
        if queue == UNHEARD_QUEUE:
            yield Bound(f"{queue} by {topic}", ear, by_topic[topic])
            continue
        after = [said for said in post.said if said.topic > topic] + list(post.said)
        more = next(said for said in after if said.topic != topic)
        yield Bound(f"{queue} by {topic}", queue, more)


async def binding_noticed(post: Post, channel: AbstractChannel, bound: Bound) -> bool:
    """Whether a law complains when a queue is bound to one topic more: the letter arrives there."""
    queue = await channel.get_queue(bound.queue, ensure=False)
    exchange = await channel.get_exchange(EXCHANGE, ensure=False)
    meant = {f"{listener}.{bound.more.topic}" for listener in bound.more.listeners}
    await queue.bind(EXCHANGE, bound.more.topic)
    await exchange.publish(aio_pika.Message(b"{}"), routing_key=bound.more.topic, timeout=SECONDS)
    arrived = await queue.get(fail=False, no_ack=True, timeout=SECONDS) is not None
    await queue.unbind(EXCHANGE, bound.more.topic)
    for name in meant:
        await (await channel.get_queue(name, ensure=False)).purge(timeout=SECONDS)
    return arrived and bound.queue not in meant
