"""A letter that the broker refuses or returns is kept, told as an error and counted; the others pass."""

from __future__ import annotations

from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from chassis.metrics import Metrics
from chassis.publisher import BrokerAddress, Publisher
from chassis.relay import Relay
from chassis.testing import SetClock
from chassis.work import RELAY, Workplace
from deploy.topology.secrets import Secrets
from tests.chassis.bus.conftest import UNBOUND, Administrator
from tests.chassis.database.conftest import Toy, clock, work
from tests.chassis.rabbitmq import Broker

__all__ = ["clock", "work"]

PUT_IN = """
INSERT INTO outbox (id, topic, body, born_at, next_try, request_id)
VALUES ($1, $2, '{}', $3, $3, 'request-42')
"""
ALLOWED = "orders.buyer.named.v1"
FORBIDDEN = "accounts.choice.set.v1"


@pytest.mark.requirement("W-11")
async def test_a_refused_and_a_returned_letter_stay_and_wake_somebody_and_the_others_pass(
    toy: Toy, broker: Broker, work: Workplace, clock: SetClock, administrator: Administrator
) -> None:
    ear = await administrator.ear(ALLOWED)
    for topic in (FORBIDDEN, ALLOWED, UNBOUND, ALLOWED):
        await toy.look(PUT_IN, uuid4(), topic, clock.now())
    metrics = Metrics("orders")
    password = Secrets(toy.secrets).broker_password("orders")
    publisher = Publisher(BrokerAddress("127.0.0.1", broker.port, "/", "orders", password), metrics)
    relay = Relay(work.carry(), publisher.publish, clock, work.bell(RELAY))
    with capture_logs() as lines:
        await relay.carry()
    await publisher.close()

    kept = {row["topic"]: row["attempts"] for row in await toy.look("SELECT topic, attempts FROM outbox")}
    assert kept == {FORBIDDEN: 1, UNBOUND: 1}
    passed = [await ear.get(fail=False) for _ in range(3)]
    assert [letter is not None for letter in passed] == [True, True, False]
    told = {(line["topic"], line["reason"]) for line in lines if line["event"] == "letter_not_taken"}
    assert told == {(FORBIDDEN, "refused"), (UNBOUND, "returned")}
    assert {line["log_level"] for line in lines if line["event"] == "letter_not_taken"} == {"error"}
    figures = metrics.exposition().decode()
    for alarm in ("letter_refused", "letter_returned"):
        assert f'avondkassa_alarms_total{{alarm="{alarm}",service="orders"}} 1.0' in figures
