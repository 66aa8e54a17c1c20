"""Tickets sent again, and orders found at the counter."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from chassis.service import Service
from chassis.testing import SetClock, heard
from contracts.accounts.events import PersonCorrectedV1
from contracts.actors import Actor, Role
from services.orders.domain.sending_again import (
    LONGEST_PAUSE,
    Mailed,
    Sought,
    decide_sending,
    pause_after,
    read_sought,
)
from tests.orders.stage import Answered, Evening, Stage, staff, visitor
from tests.orders.test_buying import bought, placed
from tests.orders.test_decisions import NOW

CLERK = staff(Role.BOX_OFFICE)
SENT = "orders.tickets.sent_again.v1"


async def again(stage: Stage, actor: Actor, order: Any, key: str | None = None, **why: Any) -> Answered:
    return await stage.ask(
        actor, "POST", f"/orders/{order['id']}/tickets/again", key=key or uuid4().hex, **why
    )


async def sought(stage: Stage, text: str, actor: Actor = CLERK, **why: Any) -> Answered:
    return await stage.ask(actor, "POST", "/counter/orders/search", {"sought": text}, **why)


@pytest.mark.requirement("F-32")
async def test_a_buyer_has_the_tickets_sent_again_but_not_all_the_time(
    stage: Stage, evening: Evening, clock: SetClock, noor: Actor
) -> None:
    order, key = await bought(stage, evening, noor, "A1", "A2"), uuid4().hex
    answers = await asyncio.gather(*(again(stage, noor, order, key) for _ in range(3)))
    assert [one.status for one in answers] == [200] * 3
    (told,) = await stage.announced(SENT)
    assert (told["subject"], told["order"], told["times"]) == (str(noor.id), order["id"], 1)
    assert [one["code"] for one in told["codes"]] == [one["code"] for one in order["tickets"]]
    soon = await again(stage, noor, order)
    assert (soon.status, soon.slug) == (429, "sent-just-now")
    assert "5 " in soon.body["title"]
    clock.move(timedelta(minutes=5))
    assert (await again(stage, noor, order, key)).status == 200
    assert (await again(stage, noor, order)).status == 200
    clock.move(timedelta(minutes=5))
    assert (await again(stage, noor, order)).slug == "sent-just-now"
    assert [one["times"] for one in await stage.announced(SENT)] == [1, 2]
    assert (await again(stage, visitor(), order)).slug == "not-found"
    bare = await stage.ask(noor, "POST", f"/orders/{order['id']}/tickets/again")
    assert bare.slug == "idempotency-key-missing"


@pytest.mark.requirement("F-32")
async def test_two_clicks_at_once_with_two_keys_send_once(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    answers = await asyncio.gather(*(again(stage, noor, order) for _ in range(4)))
    assert sorted(one.status for one in answers) == [200, 429, 429, 429]
    assert len(await stage.announced(SENT)) == 1


@pytest.mark.requirement("G-71")
async def test_the_counter_sends_again_for_a_reason_that_is_kept(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    assert (await again(stage, CLERK, order, why=None)).slug == "reason-missing"
    assert await stage.announced(SENT) == []
    assert (await again(stage, CLERK, order, why="order-problem")).status == 200
    (entry,) = await stage.look(
        "SELECT e.reason, e.purpose, s.subject FROM access_entry e JOIN access_subject s ON s.entry = e.id"
    )
    assert tuple(entry) == ("order-problem", "order_guidance", noor.id)
    assert (await again(stage, staff(Role.STEWARD), order)).slug == "role-refused"


@pytest.mark.requirement("G-63")
async def test_nothing_is_sent_where_there_is_nobody_to_write_to_or_nothing_to_send(
    stage: Stage, evening: Evening, clock: SetClock, noor: Actor
) -> None:
    sale = await stage.ask(CLERK, "POST", "/counter/sales", evening.wish(standing=1), uuid4().hex)
    assert (await again(stage, CLERK, sale.body)).slug == "nobody-to-write-to"
    open_one = await placed(stage, evening, noor, "B1")
    assert (await again(stage, noor, open_one)).slug == "tickets-not-made"
    order = await bought(stage, evening, noor, "A1")
    await stage.look("DELETE FROM order_person WHERE order_id = $1", UUID(order["id"]))
    assert (await again(stage, CLERK, order)).slug == "nobody-to-write-to"
    assert (await again(stage, noor, order)).slug == "not-found"
    late = await bought(stage, evening, noor, "A2")
    clock.move(timedelta(days=8))
    assert (await again(stage, noor, late)).slug == "evening-over"
    assert await stage.announced(SENT) == []


@pytest.mark.requirement("F-32")
async def test_the_counter_finds_an_order_by_what_the_customer_has(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1", "A2")
    reference = (await stage.payment_of(order["id"]))["provider_id"]
    number = order["number"].lower().replace("-", " ")
    for text in (number, reference, " NOOR@visitors.example "):
        (one,) = (await sought(stage, text)).body["orders"]
        assert (one["id"], one["tickets"], one["named"]) == (order["id"], 2, True)
        assert not one["at_counter"]
        assert "Noor" not in str(one)
        assert "visitors.example" not in str(one)
    entries = await stage.look("SELECT reason FROM access_entry WHERE purpose = 'problem_care'")
    assert len(entries) == 3
    sale = await stage.ask(CLERK, "POST", "/counter/sales", evening.wish(standing=1), uuid4().hex)
    (walk_in,) = (await sought(stage, sale.body["number"])).body["orders"]
    assert (walk_in["named"], walk_in["at_counter"], walk_in["tickets"]) == (False, True, 1)
    assert (await sought(stage, "nobody@visitors.example")).body["orders"] == []
    assert (await sought(stage, "Noor Vandenbroucke")).slug == "nothing-to-find"
    assert (await sought(stage, order["number"], why=None)).slug == "reason-missing"
    assert (await sought(stage, order["number"], noor)).slug == "role-refused"
    await stage.look("DELETE FROM order_person")
    assert (await sought(stage, "noor@visitors.example")).body["orders"] == []


@pytest.mark.requirement("W-41")
async def test_a_corrected_address_is_found_and_the_old_one_no_longer(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    order = await bought(stage, evening, noor, "A1")
    corrected = PersonCorrectedV1(subject=noor.id, version=2, email="Noor.V@visitors.example")
    (listening,) = [one for one in service.subscriptions if one.event is PersonCorrectedV1]
    await listening.handle(heard(corrected, clock.now()))
    (found,) = (await sought(stage, "noor.v@Visitors.example")).body["orders"]
    assert found["id"] == order["id"]
    assert (await sought(stage, "noor@visitors.example")).body["orders"] == []


@given(st.integers(min_value=0, max_value=10_000))
def test_the_pause_grows_and_ends_at_six_hours(times: int) -> None:
    assert pause_after(times) <= pause_after(times + 1) <= LONGEST_PAUSE


def test_the_pause_is_over_to_the_second() -> None:
    owner, before = uuid4(), Mailed(2, NOW, NOW + timedelta(days=1))
    early = decide_sending("paid", owner, before, NOW + timedelta(minutes=9, seconds=59))
    assert early == Refused("sent-just-now", {"minutes": 1})
    assert decide_sending("paid", owner, before, NOW + timedelta(minutes=10)) == Accepted(3)


@given(st.text(max_size=254))
def test_whatever_is_typed_is_one_thing_or_nothing(typed: str) -> None:
    read = read_sought(typed)
    assert read is None or sum(one is not None for one in (read.number, read.payment, read.email)) == 1


def test_what_clerks_type() -> None:
    assert read_sought("ab12 cd34") == Sought(number="AB12-CD34")
    assert read_sought("tr_WDqYK6vllg") == Sought(payment="tr_WDqYK6vllg")
    assert read_sought("Jan@Zee.example ") == Sought(email="jan@zee.example")
