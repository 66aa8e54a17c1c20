"""Publishing on a real broker with the generated permissions: what is refused, and who survives it."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from chassis.faults import PublishRefused
from chassis.metrics import Metrics
from chassis.publisher import BrokerAddress, Publisher
from tests.chassis.bus.conftest import UNBOUND, Administrator
from tests.chassis.rabbitmq import Broker
from tests.chassis.shop import NOON

ALLOWED = "orders.buyer.named.v1"
FORBIDDEN = "accounts.choice.set.v1"


def row(topic: str) -> dict[str, Any]:
    """A row of the outbox."""
    return {
        "id": uuid4(),
        "topic": topic,
        "body": json.dumps({"any": "thing"}),
        "born_at": NOON,
        "request_id": "request-42",
        "traceparent": None,
    }


async def test_an_event_leaves_as_a_persistent_cloud_event_in_our_name(
    publisher: Publisher, administrator: Administrator
) -> None:
    ear = await administrator.ear(ALLOWED)
    said = row(ALLOWED)
    await publisher.publish(said)
    message = await ear.get(timeout=5)
    assert message is not None
    letter = json.loads(message.body)
    assert letter["specversion"] == "1.0"
    assert letter["id"] == str(said["id"]) == message.message_id
    assert (letter["type"], letter["source"]) == (f"avondkassa.{ALLOWED}", "/orders")
    assert (letter["requestid"], letter["data"]) == ("request-42", {"any": "thing"})
    assert message.delivery_mode == 2
    assert message.user_id == "orders"
    assert message.content_type == "application/cloudevents+json"


@pytest.mark.requirement("W-11")
async def test_a_topic_that_no_charter_allows_is_refused_and_neighbours_arrive(
    publisher: Publisher, administrator: Administrator
) -> None:
    ear = await administrator.ear(ALLOWED)
    rows = [row(ALLOWED) for _ in range(20)]
    rows.insert(10, row(FORBIDDEN))
    outcomes = await asyncio.gather(*(publisher.publish(one) for one in rows), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, PublishRefused)]
    assert [one.reason for one in refused] == ["refused"]
    assert outcomes[10] is refused[0]
    arrived = set()
    while (message := await ear.get(fail=False)) is not None:
        arrived.add(message.message_id)
    assert arrived == {str(one["id"]) for one in rows if one["topic"] == ALLOWED}


async def test_a_topic_without_a_queue_comes_back(publisher: Publisher) -> None:
    with pytest.raises(PublishRefused) as told:
        await publisher.publish(row(UNBOUND))
    assert told.value.reason == "returned"


async def test_a_broker_that_is_not_there_is_away_and_is_found_again(
    publisher: Publisher, broker: Broker, administrator: Administrator
) -> None:
    nowhere = Publisher(BrokerAddress("127.0.0.1", 9, "/", "orders", "x"), Metrics("orders"))
    with pytest.raises(PublishRefused) as told:
        await nowhere.publish(row(ALLOWED))
    assert told.value.reason == "away"


async def test_a_wrong_password_is_away(broker: Broker) -> None:
    stranger = Publisher(BrokerAddress("127.0.0.1", broker.port, "/", "orders", "x"), Metrics("orders"))
    with pytest.raises(PublishRefused) as told:
        await stranger.publish(row(ALLOWED))
    assert told.value.reason == "away"
