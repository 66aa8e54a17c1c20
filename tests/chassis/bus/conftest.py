"""The toy service on a real PostgreSQL and a real RabbitMQ, with generated roles and permissions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import aio_pika
import pytest
from aio_pika.abc import HeadersType

from chassis.metrics import Metrics
from chassis.publisher import BrokerAddress, Publisher
from chassis.settings import Settings
from contracts.envelope import Event, wrap
from deploy.topology.broker import definitions
from deploy.topology.secrets import ADMINISTRATOR, Secrets
from tests.chassis.authority import Authority
from tests.chassis.database.conftest import Toy, toy
from tests.chassis.postgres import free_port
from tests.chassis.rabbitmq import Broker, running_broker
from tests.chassis.shop import NOON

__all__ = ["toy"]

UNBOUND = "orders.payment.failed.v1"


@dataclass(frozen=True)
class Secure:
    """Where the broker also speaks TLS, as localhost, and the authority that signed for it."""

    port: int
    authority: Authority

    def lines(self) -> list[str]:
        """What the broker is told of it."""
        shown, kept = self.authority.certificate("localhost")
        return [
            f"listeners.ssl.local = 127.0.0.1:{self.port}",
            f"ssl_options.cacertfile = {self.authority.file}",
            f"ssl_options.certfile = {shown}",
            f"ssl_options.keyfile = {kept}",
            "ssl_options.verify = verify_none",
        ]


@pytest.fixture(scope="session")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Secure:
    return Secure(free_port(), Authority(tmp_path_factory.mktemp("authority"), "tests"))


@pytest.fixture(scope="session")
def broker(toy: Toy, secure: Secure) -> Iterator[Broker]:
    """A broker for the toy house; one topic that the toy may say is bound to nothing."""
    wanted = definitions(toy.secrets, toy.charters)
    wanted["bindings"] = [one for one in wanted["bindings"] if one["routing_key"] != UNBOUND]
    with running_broker(wanted, secure.lines()) as running:
        yield running


@pytest.fixture
def settings(toy: Toy, broker: Broker) -> Settings:
    return Settings(
        service="orders",
        port=0,
        database_port=toy.server.port,
        database_name="avondkassa_orders",
        broker_port=broker.port,
        secrets=toy.secrets / "orders",
        grace_seconds=5.0,
    )


@pytest.fixture
async def publisher(toy: Toy, broker: Broker) -> AsyncIterator[Publisher]:
    password = Secrets(toy.secrets).broker_password("orders")
    address = BrokerAddress("127.0.0.1", broker.port, "/", "orders", password)
    speaking = Publisher(address, Metrics("orders"))
    yield speaking
    await speaking.close()


class Administrator:
    """The broker's administrator, who may look and say anything; speaks in other services' names."""

    def __init__(self, channel: aio_pika.abc.AbstractChannel) -> None:
        self._channel = channel

    async def say(self, event: Event, id: UUID | None = None, at: datetime = NOON) -> None:
        letter = wrap(
            event, id=id or uuid4(), service="accounts", time=at, requestid="request-42", traceparent=None
        )
        await self.say_raw(letter.topic, letter.model_dump_json().encode())

    async def say_raw(self, topic: str, body: bytes, headers: HeadersType | None = None) -> None:
        exchange = await self._channel.get_exchange("events")
        await exchange.publish(aio_pika.Message(body, headers=headers), routing_key=topic)

    async def waiting(self, queue: str) -> int:
        found = await self._channel.declare_queue(queue, passive=True)
        return int(found.declaration_result.message_count or 0)

    async def ear(self, topic: str) -> aio_pika.abc.AbstractQueue:
        queue = await self._channel.declare_queue(exclusive=True)
        await queue.bind("events", routing_key=topic)
        return queue

    async def emptied(self, queue: str) -> None:
        found = await self._channel.declare_queue(queue, passive=True)
        await found.purge()


@pytest.fixture
async def administrator(toy: Toy, broker: Broker) -> AsyncIterator[Administrator]:
    password = (toy.secrets / "operations" / "broker").read_text().strip()
    connection = await aio_pika.connect(port=broker.port, login=ADMINISTRATOR, password=password)
    async with connection:
        yield Administrator(await connection.channel())
