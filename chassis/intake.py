"""What happens to a message that arrived: parsed, handled, parked when handling fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from pydantic import ValidationError

from chassis.context import Trail, on_trail, trail_from
from chassis.faults import DatabaseAway
from chassis.gathering import Gathering
from chassis.heard import Heard, Subscription
from chassis.log import fault_of, get_logger
from chassis.metrics import Metrics
from chassis.parking import Parked, Parking
from contracts.envelope import Envelope

PATIENCE_SECONDS = 20.0
POLL_SECONDS = 0.5


class Fate(Enum):
    """What the broker is told about a message."""

    TAKEN = "taken"  # acknowledge: handled or parked
    UNREADABLE = "unreadable"  # reject: the dead-letter queue keeps it for a day
    STOPPED = "stopped"  # say nothing: the channel closes and the broker delivers again


class Unreadable(Exception):
    """A message that is no envelope of the event that its queue carries."""


def read(subscription: Subscription, body: bytes | str) -> tuple[Heard[Any], Trail]:
    """The event of a message and its trail; Unreadable where envelope, topic or data break the contract."""
    try:
        envelope = Envelope.model_validate_json(body)
        event = subscription.event.model_validate_json(_data(envelope))
    except ValidationError:
        raise Unreadable from None
    if envelope.topic != subscription.event.topic:
        raise Unreadable
    heard = Heard(event, envelope.id, envelope.topic, envelope.time, envelope.requestid)
    return heard, trail_from(envelope.requestid, envelope.traceparent)


def _data(envelope: Envelope) -> str:
    return envelope.model_dump_json(include={"data"})[len('{"data":') : -1]


class Intake:
    """Handles messages of all subscriptions of one service."""

    def __init__(self, subscriptions: Sequence[Subscription], parking: Parking, metrics: Metrics) -> None:
        self._subscriptions: Mapping[str, Subscription] = {s.event.topic: s for s in subscriptions}
        self._gatherings = {topic: Gathering(one) for topic, one in self._subscriptions.items()}
        self._parking = parking
        self._metrics = metrics
        self._log = get_logger()
        self.database_away = asyncio.Event()
        self.stopping = asyncio.Event()

    async def take(self, topic: str, body: bytes) -> Fate:
        """Handle one message from the broker, and say what to tell it."""
        subscription = self._subscriptions[topic]
        try:
            heard, came = read(subscription, body)
        except Unreadable:
            self._metrics.heard(topic, "unreadable")
            self._log.error("message_unreadable", topic=topic)
            return Fate.UNREADABLE
        with on_trail(came):
            return await self._until_settled(subscription, heard, body)

    def smuggled(self, topic: str) -> Fate:
        """A letter that its sender could not publish under this topic: it is not opened (W-11)."""
        self._metrics.heard(topic, "smuggled")
        self._log.error("message_smuggled", topic=topic)
        return Fate.UNREADABLE

    async def _until_settled(self, subscription: Subscription, heard: Heard[Any], body: bytes) -> Fate:
        """Handle or park; while the database is away hold the message, and give it back after a while."""
        waited = 0.0
        while not self.stopping.is_set():
            try:
                await self._handle_or_park(subscription, heard, body)
                return Fate.TAKEN
            except DatabaseAway:
                self._log.warning("database_away", topic=heard.topic)
            if waited >= PATIENCE_SECONDS:
                self.database_away.set()
                return Fate.STOPPED
            waited += POLL_SECONDS
            await asyncio.sleep(POLL_SECONDS)
        return Fate.STOPPED

    async def _handle_or_park(self, subscription: Subscription, heard: Heard[Any], body: bytes) -> None:
        try:
            await self._gatherings[heard.topic].handle(heard)
        except DatabaseAway:
            raise
        except Exception as error:
            self._log.error("message_parked", topic=heard.topic, message_id=heard.id, exc_info=error)
            self._metrics.heard(heard.topic, "parked")
            await self._parking.park(
                heard.id,
                heard.topic,
                subscription.purpose,
                heard.event.subject_of(),
                body.decode(),
                fault_of(error),
            )
            return
        self._metrics.heard(heard.topic, "handled")

    async def retry(self) -> None:
        """Try parked messages again whose time has come, and drop those of seven days."""
        expired = await self._parking.expire()
        if expired:
            self._log.error("parked_messages_expired", count=expired)
        for parked in await self._parking.due():
            await self._again(parked)

    async def _again(self, parked: Parked) -> None:
        subscription = self._subscriptions.get(parked.topic)
        if subscription is None:
            await self._parking.failed_again(parked.id, "no_subscription")
            return
        try:
            heard, came = read(subscription, parked.body)
        except Unreadable:
            # Another release parked it. Its neighbours must not wait for it.
            await self._parking.failed_again(parked.id, "Unreadable")
            return
        with on_trail(came):
            try:
                await subscription.handle(heard)
            except DatabaseAway:
                raise
            except Exception as error:
                self._log.error(
                    "parked_message_failed", topic=parked.topic, attempts=parked.attempts, exc_info=error
                )
                await self._parking.failed_again(parked.id, fault_of(error))
                return
            await self._parking.handled(parked.id)
            self._metrics.heard(parked.topic, "handled")
