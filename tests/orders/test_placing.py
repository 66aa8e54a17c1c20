"""Checkouts share a transaction: each gets what it would have got alone, in the order in which they came."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from contracts.actors import Actor
from tests.orders.stage import Evening, Stage, visitor
from tests.orders.test_buying import press


async def _held(stage: Stage, evening: Evening, who: Actor, *labels: str) -> str:
    kept = await stage.hold(who, evening, *labels)
    assert kept.status == 201, kept.body
    return str(kept.body["id"])


@pytest.mark.requirement("G-20")
async def test_one_hold_ordered_by_two_at_once_is_one_order(stage: Stage, evening: Evening) -> None:
    holds = [await _held(stage, evening, visitor(), label) for label in ("A1", "A2", "A3")]
    answers = await asyncio.gather(*(stage.order(visitor(), hold) for hold in holds for _ in range(2)))
    for first, second in zip(answers[::2], answers[1::2], strict=True):
        assert sorted((first.status, second.status)) == [201, 409]
        assert {one.slug for one in (first, second) if one.status == 409} == {"hold-ordered"}
    assert len(await stage.look("SELECT FROM placed_order")) == 3
    assert len(await stage.announced("orders.order.placed.v1")) == 3


async def test_one_key_for_two_holds_at_once_orders_one_and_leaves_the_other_held(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    holds = [await _held(stage, evening, noor, label) for label in ("A1", "A2")]
    key = uuid4().hex
    answers = await asyncio.gather(*(stage.order(noor, hold, key) for hold in holds))
    assert sorted(one.status for one in answers) == [201, 422]
    assert {one.slug for one in answers if one.status == 422} == {"idempotency-key-reused"}
    states = await stage.look("SELECT state FROM hold ORDER BY state")
    assert [row["state"] for row in states] == ["held", "ordered"]
    assert len(await stage.look("SELECT FROM order_person")) == 1


async def test_who_is_refused_takes_nothing_from_those_beside_them(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    gone, kept = visitor(), visitor()
    await stage.look("INSERT INTO tombstone VALUES ($1, $1, now(), '[]')", gone.id)
    theirs = await _held(stage, evening, gone, "A1")
    mine = await _held(stage, evening, kept, "A2", "A3")
    asked = [stage.order(gone, theirs), stage.order(kept, mine), stage.order(noor, str(uuid4()))]
    first, second, third = await asyncio.gather(*asked)
    assert (first.slug, second.status, third.slug) == ("person-forgotten", 201, "unknown-hold")
    (person,) = await stage.look("SELECT subject_id FROM order_person")
    assert person["subject_id"] == kept.id


async def test_an_order_is_shown_at_once_as_it_is_read_later(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    hold = await stage.hold(noor, evening, "A1", "B2", standing=2)
    placed = await stage.order(noor, hold.body["id"])
    read = await stage.ask(noor, "GET", f"/orders/{placed.body['id']}")
    assert placed.body == read.body
    assert [line["seat"] for line in placed.body["lines"]] == ["A1", "B2", None, None]


async def test_news_of_each_order_belongs_to_its_own_request(stage: Stage, evening: Evening) -> None:
    people = [visitor() for _ in range(4)]
    holds = [await _held(stage, evening, who, f"A{n}") for n, who in enumerate(people, start=1)]
    answers = await asyncio.gather(*(stage.order(*pair) for pair in zip(people, holds, strict=True)))
    orders = {UUID(one.body["id"]) for one in answers}
    rows = await stage.look("SELECT request_id, subject FROM outbox WHERE topic LIKE 'orders.order.placed%'")
    assert {row["subject"] for row in rows} == {who.id for who in people}
    assert len({row["request_id"] for row in rows}) == len(orders) == 4


async def test_many_webhooks_at_once_pay_each_order_once(stage: Stage, evening: Evening) -> None:
    placed = []
    for label in ("A1", "A2", "A3", "A4"):
        who = visitor()
        placed.append((await stage.order(who, await _held(stage, evening, who, label))).body)
    for order in placed:
        await asyncio.to_thread(press, order["checkout_url"], "paid")
    calls = [str((await stage.payment_of(order["id"]))["provider_id"]) for order in placed]
    answers = await asyncio.gather(*(stage.mollie_calls(one) for one in calls * 3))
    assert {one.status for one in answers} == {200}
    assert len(await stage.look("SELECT FROM ticket")) == 4
    assert len(await stage.announced("orders.tickets.issued.v1")) == 4
    assert await stage.look("SELECT FROM refund") == []
    told = await stage.look("SELECT request_id FROM outbox WHERE topic LIKE 'orders.tickets.issued%'")
    assert len({row["request_id"] for row in told}) == 4
