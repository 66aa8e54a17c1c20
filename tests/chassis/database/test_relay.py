"""Letters leave once they are confirmed, a bad one blocks nobody, and nothing is ever lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.faults import PublishRefused
from chassis.relay import OutboxRow, Relay
from chassis.testing import SetClock
from chassis.work import RELAY, Workplace
from contracts.actors import Actor, Role
from contracts.orders.events import PaymentFailedV1
from tests.chassis.database.conftest import Toy

VISITOR = Actor(Role.VISITOR, uuid4())


async def announce(work: Workplace, count: int = 1, subject: UUID | None = None) -> None:
    async with work("order_guidance", VISITOR) as tx:
        for _ in range(count):
            await tx.announce(PaymentFailedV1(subject=subject or uuid4(), order=uuid4(), event=uuid4()))


class Broker:
    """Takes what it is given, and refuses as it is told."""

    def __init__(self) -> None:
        self.got: list[UUID] = []
        self.refuses: Callable[[OutboxRow], str | None] = lambda _row: None

    async def publish(self, row: OutboxRow) -> None:
        await asyncio.sleep(0)
        reason = self.refuses(row)
        if reason:
            raise PublishRefused(reason)
        self.got.append(row["id"])


async def test_an_announced_event_is_carried_at_once_and_leaves_no_body_behind(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    broker = Broker()
    relay = Relay(work.carry(), broker.publish, clock, work.bell(RELAY))
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run(stop))
    await announce(work)
    await until(lambda: len(broker.got) == 1)
    stop.set()
    await running
    assert await toy.look("SELECT FROM outbox") == []
    assert [row["id"] for row in await toy.look("SELECT id FROM sent")] == broker.got


async def test_what_is_announced_last_leaves_before_the_relay_ends(work: Workplace, clock: SetClock) -> None:
    broker, stop = Broker(), asyncio.Event()
    await announce(work, 250)
    stop.set()
    await Relay(work.carry(), broker.publish, clock, work.bell(RELAY)).run(stop)
    assert len(set(broker.got)) == 250


@pytest.mark.parametrize("reason", ["returned", "refused"])
async def test_a_bad_row_waits_longer_each_time_and_blocks_nobody(
    toy: Toy, work: Workplace, clock: SetClock, reason: str
) -> None:
    bad = uuid4()
    await announce(work, subject=bad)
    await announce(work, 3)
    broker = Broker()
    broker.refuses = lambda row: reason if row["subject"] == bad else None
    relay = Relay(work.carry(), broker.publish, clock, work.bell(RELAY))
    for attempts in (1, 2, 3):
        await relay.carry()
        [row] = await toy.look("SELECT attempts, next_try FROM outbox")
        assert (row["attempts"], row["next_try"] - clock.now()) == (
            attempts,
            timedelta(seconds=2 ** (attempts - 1)),
        )
        clock.move(timedelta(seconds=2 ** (attempts - 1)))
    assert len(broker.got) == 3
    broker.refuses = lambda _row: None
    await relay.carry()
    assert len(broker.got) == 4
    assert await toy.look("SELECT FROM outbox") == []


async def test_a_row_that_breaks_the_publisher_blocks_nobody(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    bad = uuid4()
    await announce(work, subject=bad)
    await announce(work)
    got = []

    async def publish(row: OutboxRow) -> None:
        if row["subject"] == bad:
            raise KeyError
        got.append(row)

    await Relay(work.carry(), publish, clock, work.bell(RELAY)).carry()
    assert len(got) == 1
    assert [row["subject"] for row in await toy.look("SELECT subject FROM outbox")] == [bad]


@pytest.mark.parametrize("reason", ["away", "timeout"])
async def test_a_broker_that_is_away_costs_no_row_an_attempt(
    toy: Toy, work: Workplace, clock: SetClock, reason: str
) -> None:
    await announce(work, 2)
    broker = Broker()
    broker.refuses = lambda _row: reason
    relay = Relay(work.carry(), broker.publish, clock, work.bell(RELAY))
    assert await relay.carry() is None
    rows = await toy.look("SELECT attempts, next_try FROM outbox")
    assert [(row["attempts"], row["next_try"]) for row in rows] == [(0, clock.now())] * 2
    broker.refuses = lambda _row: None
    assert await relay.carry() == 2


async def test_a_queue_that_confirms_nothing_holds_up_no_other(work: Workplace, clock: SetClock) -> None:
    stuck = uuid4()
    await announce(work, 100, subject=stuck)
    clock.move(timedelta(seconds=1))
    await announce(work)
    broker = Broker()
    broker.refuses = lambda row: "timeout" if row["subject"] == stuck else None
    relay = Relay(work.carry(), broker.publish, clock, work.bell(RELAY))
    for _ in range(2):
        clock.move(timedelta(seconds=12))
        await relay.carry()
    assert len(broker.got) == 1


async def test_a_crash_after_publishing_sends_again_and_loses_nothing(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    await announce(work, 3)
    broker = Broker()

    async def crash(row: OutboxRow) -> None:
        await broker.publish(row)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Relay(work.carry(), crash, clock, work.bell(RELAY)).carry()
    assert len(await toy.look("SELECT FROM outbox")) == 3
    await Relay(work.carry(), broker.publish, clock, work.bell(RELAY)).carry()
    assert len(broker.got) == 6
    assert len(set(broker.got)) == 3


async def test_two_relays_beside_each_other_take_different_rows(work: Workplace, clock: SetClock) -> None:
    await announce(work, 150)
    broker = Broker()

    async def slowly(row: OutboxRow) -> None:
        await asyncio.sleep(0.05)
        await broker.publish(row)

    relays = [Relay(work.carry(), slowly, clock, work.bell(RELAY)) for _ in range(2)]
    assert sorted(await asyncio.gather(*(relay.carry() for relay in relays))) == [50, 100]
    assert len(set(broker.got)) == len(broker.got) == 150


async def test_the_relay_outlives_a_database_that_goes_and_comes(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    broker, stop = Broker(), asyncio.Event()
    relay = Relay(work.carry(), broker.publish, clock, work.bell(RELAY))
    running = asyncio.create_task(relay.run(stop))
    await asyncio.sleep(0.05)
    await toy.look("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'orders%'")
    await announce(work)
    await until(lambda: len(broker.got) == 1)
    stop.set()
    await running


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    for _ in range(300):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came true")
