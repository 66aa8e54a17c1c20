"""A whole service on real parts: it hears, parks, waits for what is away, and loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import aio_pika
import aiohttp
import pytest

from chassis.clock import SystemClock
from chassis.context import Trail, on_trail
from chassis.process import Process
from chassis.settings import Settings
from chassis.tokens import Issuer
from chassis.work import Workplace
from contracts.accounts.events import ActorRevokedV1, PersonCorrectedV1
from contracts.actors import SYSTEM, Actor, Role
from contracts.envelope import wrap
from contracts.orders.events import BuyerNamedV1
from deploy.topology.secrets import Secrets
from tests.chassis.bus import toy_app
from tests.chassis.bus.conftest import Administrator
from tests.chassis.database.conftest import Toy
from tests.chassis.rabbitmq import Broker
from tests.chassis.shop import NOON, key_pair
from tests.chassis.waiting import until

QUEUE = "orders.accounts.person.corrected.v1"
TABLES = "outbox, sent, inbox, parked, tombstone, revoked_actor"


@dataclass
class Running:
    """The toy while it runs."""

    process: Process
    ear: toy_app.Ear
    toy: Toy
    work: Workplace

    async def ask(self, path: str, token: str | None = None) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"http://127.0.0.1:{self.process.port}{path}"
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
            return answer.status

    async def parked(self) -> list[tuple[str, int]]:
        return [(row["fault"], row["attempts"]) for row in await self.toy.look("SELECT * FROM parked")]


def corrected(name: str) -> PersonCorrectedV1:
    return PersonCorrectedV1(subject=uuid4(), version=1, name=name)


@pytest.fixture
async def running(
    toy: Toy, settings: Settings, administrator: Administrator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    await toy.look(f"TRUNCATE {TABLES}")
    await administrator.emptied(QUEUE)
    clock = SystemClock()
    ears: list[toy_app.Ear] = []
    monkeypatch.setattr(toy_app, "Ear", lambda work: ears.append(OriginalEar(work)) or ears[-1])
    service = toy_app.compose(settings, clock)
    process = Process(service, settings, clock)
    await process.start()
    opened = Running(process, ears[0], toy, service.workplace)
    await until(lambda: process.readiness.told()["parts"] == {"database": "well", "broker": "well"})
    yield opened
    await process.stop()


OriginalEar = toy_app.Ear


async def test_a_message_is_heard_once_however_often_it_comes(
    running: Running, administrator: Administrator
) -> None:
    id = uuid4()
    for _ in range(3):
        await administrator.say(corrected("Mia"), id)
    await until(lambda: running.ear.heard)
    await asyncio.sleep(0.3)
    assert [heard.event.name for heard in running.ear.heard] == ["Mia"]
    assert running.ear.heard[0].request_id == "request-42"
    assert running.ear.heard[0].at == NOON
    assert await administrator.waiting(QUEUE) == 0


async def test_what_a_handler_cannot_handle_is_parked_by_class_and_tried_again(
    running: Running, administrator: Administrator, capsys: pytest.CaptureFixture[str]
) -> None:
    running.ear.deaf = True
    event = corrected("Mia Vanderstraeten")
    await administrator.say(event)
    await until(running.parked)
    row = (await running.toy.look("SELECT * FROM parked"))[0]
    assert (row["fault"], row["subject"], row["purpose"]) == ("Deaf", event.subject, "rights")
    assert row["expires_at"] - row["parked_at"] == timedelta(days=7)
    await asyncio.sleep(0)
    assert await administrator.waiting(QUEUE) == 0
    running.ear.deaf = False
    await until(lambda: running.ear.heard)
    await until(lambda: _none(running))
    assert "Vanderstraeten" not in capsys.readouterr().out


async def _none(running: Running) -> bool:
    return await running.parked() == []


@pytest.mark.parametrize("body", [b"{", b"{}", b"\xff", b'{"specversion":"1.0"}'])
async def test_what_cannot_be_read_goes_to_the_dead_letters(
    running: Running, administrator: Administrator, body: bytes
) -> None:
    await administrator.emptied("dead")
    await administrator.say_raw("accounts.person.corrected.v1", body)
    await until(lambda: _dead(administrator))
    assert await running.parked() == []


async def test_an_event_of_another_topic_is_no_event_of_this_queue(
    running: Running, administrator: Administrator
) -> None:
    await administrator.emptied("dead")
    letter = wrap(
        corrected("Mia"), id=uuid4(), service="accounts", time=NOON, requestid="request-42", traceparent=None
    ).model_copy(update={"type": "avondkassa.accounts.contact.set.v1"})
    await administrator.say_raw("accounts.person.corrected.v1", letter.model_dump_json().encode())
    await until(lambda: _dead(administrator))
    assert running.ear.heard == []


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize("header", ["CC", "BCC"])
async def test_a_letter_that_came_by_a_carbon_copy_is_not_opened(
    running: Running, administrator: Administrator, header: str
) -> None:
    await administrator.emptied("dead")
    topic = "accounts.person.corrected.v1"
    letter = wrap(
        corrected("Mia"), id=uuid4(), service="accounts", time=NOON, requestid="request-42", traceparent=None
    )
    body = letter.model_dump_json().encode()
    await administrator.say_raw("orders.anything.happened.v1", body, {header: [topic]})
    await until(lambda: _dead(administrator))
    assert running.ear.heard == []


async def _dead(administrator: Administrator) -> bool:
    return await administrator.waiting("dead") > 0


@pytest.mark.requirement("G-71")
async def test_a_revocation_shuts_the_door_within_two_seconds(
    running: Running, administrator: Administrator, toy: Toy, settings: Settings
) -> None:
    clerk = Actor(Role.BOX_OFFICE, uuid4())
    private, public = key_pair()
    keys = settings.secrets / "keys"
    keys.mkdir(exist_ok=True)
    assert Secrets(toy.secrets)
    token = Issuer(private, "accounts").sign(clerk, "orders", SystemClock().now())
    # The process read its keys at the start, so the test's own key comes with a process of its own.
    (keys / "accounts.test.pub.pem").write_bytes(public)
    clock = SystemClock()
    second = Process(toy_app.compose(settings, clock), settings, clock)
    await second.start()
    try:
        beside = Running(second, running.ear, toy, running.work)
        assert await beside.ask("/ping", token) == 200
        await administrator.say(ActorRevokedV1(actor=clerk.id), at=clock.now())
        await until(lambda: _refused(beside, token), 2.5)
    finally:
        (keys / "accounts.test.pub.pem").unlink()
        await second.stop()


async def _refused(running: Running, token: str) -> bool:
    return await running.ask("/ping", token) == 401


@pytest.mark.requirement("X-02")
async def test_while_the_database_is_away_messages_wait_and_none_dies(
    running: Running, administrator: Administrator, toy: Toy
) -> None:
    await administrator.emptied("dead")
    await asyncio.to_thread(toy.server.stop)
    try:
        for number in range(30):
            await administrator.say(corrected(f"Guest {number}"))
        await until(lambda: not running.process.readiness.ready)
        assert await running.ask("/livez") == 200
        assert await running.ask("/readyz") == 503
        assert running.ear.heard == []
        await asyncio.sleep(2)
    finally:
        await asyncio.to_thread(toy.server.start)
    await until(lambda: len(running.ear.heard) == 30, 30)
    await until(lambda: running.process.readiness.ready)
    assert await administrator.waiting("dead") == 0
    assert await running.parked() == []


async def test_when_the_broker_dies_the_door_stays_open_and_ears_come_back(
    running: Running, broker: Broker, toy: Toy, settings: Settings
) -> None:
    await asyncio.to_thread(broker.kill)
    try:
        await until(lambda: running.process.readiness.told()["parts"]["broker"] == "away")
        assert await running.ask("/readyz") == 200
    finally:
        await asyncio.to_thread(broker.start)
    await until(lambda: running.process.readiness.told()["parts"]["broker"] == "well", 60)
    password = (toy.secrets / "operations" / "broker").read_text().strip()
    connection = await aio_pika.connect(port=broker.port, login="administrator", password=password)
    async with connection:
        await Administrator(await connection.channel()).say(corrected("Mia"))
        await until(lambda: running.ear.heard, 30)


async def test_what_is_announced_in_a_commit_leaves_at_once(
    running: Running, administrator: Administrator
) -> None:
    ear = await administrator.ear("orders.buyer.named.v1")
    named = BuyerNamedV1(subject=uuid4(), version=1, name="Mia", email="mia@example.org", locale="nl")
    with on_trail(Trail("request-77")):
        async with running.work("order_guidance", SYSTEM) as tx:
            await tx.announce(named)
    async with asyncio.timeout(2), ear.iterator(no_ack=True) as arriving:
        message = await anext(arriving)
    letter = json.loads(message.body)
    assert letter["requestid"] == "request-77"
    assert letter["data"]["name"] == "Mia"
    await until(lambda: _sent(running))


async def _sent(running: Running) -> bool:
    return await running.toy.look("SELECT * FROM outbox") == []


async def test_figures_tell_what_waits(running: Running, administrator: Administrator) -> None:
    running.ear.deaf = True
    await administrator.say(corrected("Mia"))
    await until(running.parked)
    url = f"http://127.0.0.1:{running.process.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        text = await answer.text()
    assert 'avondkassa_parked_messages{service="orders"} 1.0' in text
    assert 'avondkassa_outbox_age_seconds{service="orders"} 0.0' in text
    assert 'outcome="parked"' in text
    assert "Mia" not in text
