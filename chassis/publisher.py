"""Gives events to the broker: persistent, mandatory, confirmed, under the service's own name."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from aio_pika.exceptions import AMQPError, ChannelClosed, DeliveryError, PublishError

from chassis.faults import PublishRefused
from chassis.metrics import Metrics
from contracts.envelope import CONTENT_TYPE, TYPE_PREFIX, Envelope

EXCHANGE = "events"
CONFIRM_SECONDS = 10.0
CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is, and who we are there. The user name is the service's name."""

    host: str
    port: int
    vhost: str
    user: str
    password: str


class _Line:
    """One channel with confirms and its exchange, opened when needed and dropped when it closed."""

    def __init__(self, connection: Callable[[], Awaitable[AbstractConnection]]) -> None:
        self._connection = connection
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._opening = asyncio.Lock()

    async def send(self, message: aio_pika.Message, topic: str) -> None:
        """Publish and wait for the confirm; every failure is an exception of aio-pika or a TimeoutError."""
        exchange = await self._ready()
        async with asyncio.timeout(CONFIRM_SECONDS):
            await exchange.publish(message, routing_key=topic, mandatory=True)

    async def _ready(self) -> AbstractExchange:
        async with self._opening:
            if self._exchange is None or self._channel is None or self._channel.is_closed:
                connection = await self._connection()
                self._channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                self._exchange = await self._channel.get_exchange(EXCHANGE, ensure=False)
            return self._exchange


class Publisher:
    """Publishes rows of the outbox.

    A forbidden publish closes its channel and fails the neighbours on it, some of which the broker did
    accept. So whatever a closed channel left in doubt is published once more, alone on a second channel:
    there only the guilty one fails, and a double is dropped by the listeners' inboxes.
    """

    def __init__(self, address: BrokerAddress, metrics: Metrics) -> None:
        self._address = address
        self._metrics = metrics
        self._connection: AbstractConnection | None = None
        self._connecting = asyncio.Lock()
        self._alone = asyncio.Lock()
        self._shared_line = _Line(self._connected)
        self._single_line = _Line(self._connected)

    async def publish(self, row: Mapping[str, Any]) -> None:
        """Publish one outbox row (id, topic, body, born_at, request_id, traceparent).

        Raises PublishRefused with returned, refused, away or timeout.
        """
        topic = str(row["topic"])
        message = self._message(row)
        try:
            await self._attempt(message, topic)
        except PublishRefused as refused:
            self._metrics.published(topic, refused.reason)
            raise
        self._metrics.published(topic, "sent")

    async def _attempt(self, message: aio_pika.Message, topic: str) -> None:
        try:
            await _translated(self._shared_line, message, topic)
        except ChannelClosed:
            async with self._alone:
                try:
                    await _translated(self._single_line, message, topic)
                except ChannelClosed:
                    raise PublishRefused("refused") from None

    def _message(self, row: Mapping[str, Any]) -> aio_pika.Message:
        envelope = Envelope(
            id=row["id"],
            source=f"/{self._address.user}",
            type=TYPE_PREFIX + str(row["topic"]),
            time=row["born_at"],
            requestid=row["request_id"],
            traceparent=row["traceparent"],
            data=json.loads(row["body"]),
        )
        return aio_pika.Message(
            envelope.model_dump_json(exclude_none=True).encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(row["id"]),
            user_id=self._address.user,
        )

    async def _connected(self) -> AbstractConnection:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed:
                self._connection = await aio_pika.connect(
                    host=self._address.host,
                    port=self._address.port,
                    virtualhost=self._address.vhost,
                    login=self._address.user,
                    password=self._address.password,
                    timeout=CONNECT_SECONDS,
                    client_properties={"connection_name": f"{self._address.user} speaks"},
                )
            return self._connection

    async def close(self) -> None:
        """Close channels and connection."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed:
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await connection.close()
            except (AMQPError, OSError, TimeoutError):
                # The broker closes what we could not; nothing unconfirmed counts as sent.
                return


async def _translated(line: _Line, message: aio_pika.Message, topic: str) -> None:
    """Send, with failures as reasons; ChannelClosed passes, for it may be a neighbour's fault."""
    try:
        await line.send(message, topic)
    except PublishError:
        raise PublishRefused("returned") from None
    except DeliveryError:
        raise PublishRefused("refused") from None
    except ChannelClosed:
        raise
    except TimeoutError:
        raise PublishRefused("timeout") from None
    except (AMQPError, OSError, RuntimeError):
        raise PublishRefused("away") from None
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        # The library cancels what waits for confirms when its connection breaks.
        raise PublishRefused("away") from None
