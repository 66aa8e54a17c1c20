"""Gives events to the broker: persistent, mandatory, confirmed, under the service's own name."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ssl import SSLContext
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
BROKER_GONE = (AMQPError, OSError, TimeoutError, RuntimeError)


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where the broker is, and who we are there. The user name is the service's name.

    With `tls` nothing is said in plain, nor to whoever cannot show the right name.
    """

    host: str
    port: int
    vhost: str
    user: str
    password: str
    tls: SSLContext | None = None


class _Line:
    """A connection with one channel that confirms, opened when needed and opened anew when it closed."""

    def __init__(self, address: BrokerAddress, name: str) -> None:
        self._address = address
        self._name = name
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._opening = asyncio.Lock()

    async def ready(self) -> AbstractExchange:
        """The exchange on an open channel; an exception of aio-pika, OSError or TimeoutError when away."""
        async with self._opening, asyncio.timeout(2 * CONNECT_SECONDS):
            if self._connection is None or _is_dead(self._connection):
                await self.close()
                self._exchange = None
                self._connection = await self._connected()
            if self._exchange is None or self._channel is None or self._channel.is_closed:
                self._channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
                self._exchange = await self._channel.get_exchange(EXCHANGE, ensure=False)
            return self._exchange

    async def _connected(self) -> AbstractConnection:
        return await aio_pika.connect(
            host=self._address.host,
            port=self._address.port,
            virtualhost=self._address.vhost,
            login=self._address.user,
            password=self._address.password,
            ssl=self._address.tls is not None,
            ssl_context=self._address.tls,
            timeout=CONNECT_SECONDS,
            client_properties={"connection_name": f"{self._address.user} {self._name}"},
        )

    async def close(self) -> None:
        """Close what is open; the broker closes what we could not, and nothing unconfirmed counts as sent."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed:
            with suppress(AMQPError, OSError, TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await connection.close()


def _is_dead(connection: AbstractConnection) -> bool:
    """Whether nothing can be said on this connection any more.

    aio-pika's own `is_closed` stays false when the broker is killed: only the transport beneath it knows.
    """
    transport = connection.transport
    return connection.is_closed or transport is None or transport.connection.is_closed


class _InDoubt(Exception):
    """The channel or connection closed before the confirm: the message may or may not have arrived."""


class Publisher:
    """Publishes rows of the outbox.

    A forbidden publish closes its channel, and now and then the whole connection, and fails the neighbours
    on it, some of which the broker did accept. So whatever was left in doubt is published once more, alone on
    a second line: there only the guilty one fails, and a double is dropped by the listeners' inboxes.
    """

    def __init__(self, address: BrokerAddress, metrics: Metrics) -> None:
        self._user = address.user
        self._metrics = metrics
        self._shared_line = _Line(address, "speaks")
        self._single_line = _Line(address, "speaks alone")
        self._alone = asyncio.Lock()

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
            await _sent(self._shared_line, message, topic)
        except _InDoubt:
            async with self._alone:
                try:
                    await _sent(self._single_line, message, topic)
                except _InDoubt as doubt:
                    raise PublishRefused("refused" if _is_refusal(doubt) else "away") from None

    def _message(self, row: Mapping[str, Any]) -> aio_pika.Message:
        envelope = Envelope(
            id=row["id"],
            source=f"/{self._user}",
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
            user_id=self._user,
        )

    async def close(self) -> None:
        """Close both lines."""
        await self._shared_line.close()
        await self._single_line.close()


async def _sent(line: _Line, message: aio_pika.Message, topic: str) -> None:
    """Publish and wait for the confirm. Raises PublishRefused, or _InDoubt where a line broke in between."""
    try:
        exchange = await line.ready()
    except BROKER_GONE:
        raise PublishRefused("away") from None
    try:
        async with asyncio.timeout(CONFIRM_SECONDS):
            await exchange.publish(message, routing_key=topic, mandatory=True)
    except PublishError:
        raise PublishRefused("returned") from None
    except DeliveryError:
        raise PublishRefused("refused") from None
    except TimeoutError:
        raise PublishRefused("timeout") from None
    except BROKER_GONE as error:
        raise _InDoubt from error
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        # The library cancels what waits for confirms when its connection breaks.
        raise _InDoubt from error


def _is_refusal(doubt: _InDoubt) -> bool:
    """Whether the broker closed the channel because of this one message, rather than going away."""
    return isinstance(doubt.__cause__, ChannelClosed)
