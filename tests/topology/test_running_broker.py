"""The real definitions on a real broker: whatever a service tries beyond its charter is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import AMQPError, ChannelClosed, PublishError

from chassis.charter import Charter, all_charters
from deploy.local import rabbitmq
from deploy.topology import broker, secrets
from deploy.topology.broker_drift import Control, control_by, make_exact
from deploy.topology.secrets import ROOT
from tests.chassis.rabbitmq import Broker, running_broker

Attempt = Callable[[AbstractChannel], Awaitable[object]]


class House:
    """A broker with the house's definitions."""

    def __init__(self, running: Broker, folder: Path, charters: dict[str, Charter]) -> None:
        self.running = running
        self.folder = folder
        self.charters = charters

    def url(self, user: str) -> str:
        password = secrets.Secrets(self.folder).broker_password(user)
        return f"amqp://{user}:{password}@127.0.0.1:{self.running.port}/"

    @property
    def control(self) -> Control:
        server = self.running.server
        return control_by([str(server.scripts / "rabbitmqctl")], rabbitmq.tools_environment(server))

    @asynccontextmanager
    async def channel(self, user: str) -> AsyncIterator[AbstractChannel]:
        async with await aio_pika.connect(self.url(user)) as connection:
            yield await connection.channel(publisher_confirms=True, on_return_raises=True)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("running-broker")
    charters = all_charters(ROOT)
    secrets.ensure(folder, charters)
    with running_broker(broker.definitions(folder, charters)) as running:
        yield House(running, folder, charters)


def publish(exchange: str, topic: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> None:
        place = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        await place.publish(aio_pika.Message(b"{}"), routing_key=topic, mandatory=True, timeout=5)

    return attempt


def declare(name: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> object:
        return await channel.declare_queue(name, durable=True)

    return attempt


def read(name: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> object:
        queue = await channel.get_queue(name, ensure=False)
        return await queue.get(fail=False, timeout=5)

    return attempt


def bind(queue: str, topic: str) -> Attempt:
    async def attempt(channel: AbstractChannel) -> object:
        place = await channel.get_queue(queue, ensure=False)
        return await place.bind("events", topic)

    return attempt


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(
    "attempt",
    [
        publish("events", "accounts.contact.set.v1"),
        publish("events", "sharing.anything.happened.v1"),
        publish("", "orders.sharing.agreement.in_force.v1"),
        publish("dead-letters", "orders.order.paid.v1"),
        publish("amq.topic", "sharing.disclosure.made.v1"),
        read("orders.sharing.agreement.in_force.v1"),
        read("dead"),
        declare("sharing.mine"),
        bind("sharing.orders.attendee.registered.v1", "#"),
    ],
)
async def test_a_service_is_refused_whatever_its_charter_does_not_say(house: House, attempt: Attempt) -> None:
    async with house.channel("sharing") as channel:
        with pytest.raises((ChannelClosed, AMQPError)) as caught:
            await attempt(channel)
    assert "ACCESS_REFUSED" in str(caught.value)


async def test_every_topic_of_every_charter_can_be_said_and_is_confirmed(house: House) -> None:
    for name, charter in house.charters.items():
        async with house.channel(name) as channel:
            for topic in charter.says():
                await publish("events", topic)(channel)
    async with house.channel("administrator") as channel:
        unheard = await channel.declare_queue("unheard", passive=True)
        assert unheard.declaration_result.message_count == 0


async def test_every_service_can_read_its_own_queues(house: House) -> None:
    for name, charter in house.charters.items():
        async with house.channel(name) as channel:
            for topic in charter.hears():
                await read(f"{name}.{topic}")(channel)


async def test_a_binding_that_no_charter_asks_for_is_removed(house: House) -> None:
    queue, topic = "orders.sharing.agreement.in_force.v1", "orders.gossip.spread.v1"
    async with house.channel("administrator") as channel:
        await bind(queue, topic)(channel)
        await publish("events", topic)(channel)
        await broker.remove_bindings(house.url("administrator"), [(queue, topic)])
        with pytest.raises(PublishError):
            await publish("events", topic)(channel)


BY_HAND = """
rabbit_auth_backend_internal:add_user(<<"guest">>, <<"guest">>, <<"x">>),
rabbit_auth_backend_internal:set_permissions(<<"guest">>, <<"/">>, <<".*">>, <<".*">>, <<".*">>, <<"x">>),
rabbit_auth_backend_internal:set_permissions(
    <<"orders">>, <<"/">>, <<".*">>, <<"^events$">>, <<"x">>, <<"x">>),
rabbit_auth_backend_internal:set_topic_permissions(
    <<"orders">>, <<"/">>, <<"amq.topic">>, <<".*">>, <<".*">>, <<"x">>),
rabbit_auth_backend_internal:set_tags(<<"notify">>, [impersonator], <<"x">>),
rabbit_auth_backend_internal:change_password(<<"sharing">>, <<"guessed">>, <<"x">>),
rabbit_vhost:add(<<"aside">>, <<"x">>),
rabbit_policy:set(<<"/">>, <<"short">>, <<".*">>, [{<<"message-ttl">>, 1}], 0, <<"queues">>, <<"x">>).
"""
SENTENCES = (
    "users: guest is too many",
    "users: notify differs",
    "users: sharing differs",
    "permissions: guest is too many",
    "permissions: orders differs",
    "topic_permissions: orders of amq.topic is too many",
    "vhosts: aside is too many",
    "policies: short is too many",
    "exchanges: sideways is too many",
    "bindings: events to dead by # is too many",
    "bindings: events to sideways by # is too many",
    "queues: sharing.hideaway is too many",
)


@pytest.mark.requirement("W-11")
async def test_whatever_somebody_did_at_the_broker_is_told_and_taken_back(house: House) -> None:
    await house.control("-q", "eval", BY_HAND)
    async with house.channel("administrator") as channel:
        sideways = await channel.declare_exchange("sideways", aio_pika.ExchangeType.TOPIC, durable=True)
        await sideways.bind("events", "#")
        await (await channel.get_queue("dead", ensure=False)).bind("events", "#")
        hideaway = await channel.declare_queue("sharing.hideaway", durable=True)
    wanted = broker.definitions(house.folder, house.charters)
    made = await make_exact(house.control, house.url("administrator"), wanted)
    assert {difference.sentence for difference in made.found} == set(SENTENCES)
    # Letters may lie in a queue: nobody throws them away unasked.
    assert [difference.sentence for difference in made.left] == ["queues: sharing.hideaway is too many"]
    async with house.channel("administrator") as channel:
        await channel.queue_delete(hideaway.name)
