"""Listens to the broker with FastStream: one queue per subscription, acknowledged by hand, none declared."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from faststream import AckPolicy
from faststream.rabbit import Channel, ExchangeType, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue
from faststream.security import SASLPlaintext

from chassis.faults import DatabaseAway
from chassis.gathering import MOST
from chassis.heard import Heard, Subscription
from chassis.intake import Fate, Intake
from chassis.log import fault_of, get_logger
from chassis.parking import Parking
from chassis.publisher import BROKER_GONE, EXCHANGE, BrokerAddress, Publisher
from chassis.waiting import first_of
from chassis.web import Readiness

__all__ = ["BrokerAddress", "Bus", "Heard", "Publisher", "Subscription", "queue_name"]

PREFETCH = MOST
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0


def queue_name(service: str, topic: str) -> str:
    """The one queue by which a service hears a topic."""
    return f"{service}.{topic}"


class Bus:
    """The ears of one service: connects for as long as it runs, and starts anew after every break."""

    def __init__(
        self,
        address: BrokerAddress,
        subscriptions: Sequence[Subscription],
        intake: Intake,
        parking: Parking,
        readiness: Readiness,
        grace_seconds: float,
    ) -> None:
        self._address = address
        self._topics = [subscription.event.topic for subscription in subscriptions]
        self._intake = intake
        self._parking = parking
        self._readiness = readiness
        self._grace = grace_seconds
        self._log = get_logger()
        self._listened = False
        self._broken = asyncio.Event()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Listen until stop(); a broker or database that is away is waited for, with growing pauses."""
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                await self._database_back()
                await self._listen_once()
                pause = FIRST_PAUSE
            except BROKER_GONE as error:
                # Whoever could listen in between begins to count its patience anew.
                pause = FIRST_PAUSE if self._listened else pause
                self._listened = False
                self._readiness.set("broker", "away")
                self._log.warning("broker_away", fault=fault_of(error), seconds=pause)
                await self._rest(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def stop(self) -> None:
        """Ask run() to end: it finishes what it handles, within the grace, and closes."""
        self._intake.stopping.set()
        self._stop.set()

    async def _listen_once(self) -> None:
        """Listen on one connection until it breaks, the database goes away, or the service stops."""
        self._broken.clear()
        self._intake.database_away.clear()
        broker = self._broker()
        try:
            async with asyncio.timeout(30):
                await broker.start()
            self._listened = True
            self._readiness.set("broker", None)
            self._log.info("listening", count=len(self._topics))
            await first_of(self._stop, self._broken, self._intake.database_away)
            if self._broken.is_set() and not self._stop.is_set():
                raise ConnectionError
        finally:
            await _quietly(broker.stop())

    async def _database_back(self) -> None:
        """Wait until the database answers: nothing is taken from a queue before."""
        while not self._stop.is_set():
            try:
                await self._parking.reachable()
                return
            except DatabaseAway:
                await self._rest(1.0)

    async def _rest(self, seconds: float) -> None:
        await first_of(self._stop, seconds=seconds)

    def _broker(self) -> RabbitBroker:
        address = self._address
        broker = RabbitBroker(
            host=address.host,
            port=address.port,
            virtualhost=address.vhost,
            security=SASLPlaintext(
                username=address.user,
                password=address.password,
                ssl_context=address.tls,
                use_ssl=address.tls is not None,
            ),
            timeout=5.0,
            graceful_timeout=self._grace,
            on_close=[self._closed],
            logger=None,
            apply_types=False,
            decoder=_whole,
        )
        channel = Channel(prefetch_count=PREFETCH)
        exchange = RabbitExchange(EXCHANGE, type=ExchangeType.TOPIC, declare=False)
        for topic in self._topics:
            queue = RabbitQueue(queue_name(address.user, topic), durable=True, declare=False)
            broker.subscriber(queue, exchange, channel=channel, ack_policy=AckPolicy.MANUAL, no_reply=True)(
                self._taker(topic)
            )
        return broker

    async def _closed(self, *_: Any) -> None:
        self._broken.set()

    def _taker(self, topic: str) -> Callable[[RabbitMessage], Awaitable[None]]:
        async def take(message: RabbitMessage) -> None:
            try:
                if came_by(message) == topic:
                    fate = await self._intake.take(topic, message.body)
                else:
                    fate = self._intake.smuggled(topic)
            except Exception as error:
                # Not even parking worked: the broker counts deliveries, and the dead-letter queue is the end.
                self._log.error("message_not_parked", topic=topic, exc_info=error)
                await self._rest(LONGEST_PAUSE)
                await message.nack(requeue=True)
                return
            if fate is Fate.TAKEN:
                await message.ack()
            elif fate is Fate.UNREADABLE:
                await message.reject(requeue=False)

        return take


def came_by(message: RabbitMessage) -> str | None:
    """The routing key that the broker allowed the sender to publish by.

    RabbitMQ also delivers by the keys in a CC or BCC header, which it checks against no permission: a letter
    that came to a queue that way is somebody else's word under a topic that they may not say.
    """
    return message.raw_message.routing_key


async def _whole(message: RabbitMessage) -> RabbitMessage:
    """FastStream's decoder: the handler gets the message itself and reads it by the contract."""
    return message


async def _quietly(closing: Awaitable[None]) -> None:
    """Close what may be broken already; a broker that does not answer is left behind after two seconds."""
    try:
        await closing
    except BROKER_GONE:
        return
