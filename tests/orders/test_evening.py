"""Counter and door."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.testing import SetClock
from contracts.actors import Role
from tests.orders.stage import Evening, Stage, put_on, staff, visitor
from tests.orders.test_buying import books, bought


@pytest.mark.requirement("F-27")
async def test_the_counter_sells_without_a_name_even_after_the_beginning(
    stage: Stage, evening: Evening, clock: SetClock
) -> None:
    clock.move(timedelta(days=7, hours=2))
    clerk = staff(Role.BOX_OFFICE)
    body = evening.wish("A1", standing=2) | {"method": "cash"}
    sold = await stage.ask(clerk, "POST", "/counter/sales", body, uuid4().hex)
    assert sold.status == 201, sold.body
    assert (sold.body["state"], sold.body["payment"], sold.body["total_cents"]) == ("paid", "paid", 4850)
    assert [ticket["seat"] for ticket in sold.body["tickets"]] == ["A1", None, None]
    assert await stage.look("SELECT FROM order_person") == []
    (issued,) = await stage.announced("orders.tickets.issued.v1")
    assert issued["subject"] is None
    assert (await books(stage))["balanced"]


async def test_a_doubled_click_at_the_counter_sells_once(stage: Stage, evening: Evening) -> None:
    clerk, key = staff(Role.BOX_OFFICE), uuid4().hex
    body = evening.wish(standing=2) | {"method": "card"}
    answers = await asyncio.gather(*(stage.ask(clerk, "POST", "/counter/sales", body, key) for _ in range(4)))
    assert [one.status for one in answers] == [201] * 4
    assert len({one.body["id"] for one in answers}) == 1
    (row,) = await stage.look("SELECT standing_taken FROM stock")
    assert row["standing_taken"] == 2
    other = await stage.ask(clerk, "POST", "/counter/sales", evening.wish(standing=1), key)
    assert other.slug == "idempotency-key-reused"
    assert (await stage.ask(visitor(), "POST", "/counter/sales", body, key)).slug == "role-refused"


async def test_counter_and_web_never_sell_the_same_seat(stage: Stage, evening: Evening) -> None:
    clerks = [staff(Role.BOX_OFFICE) for _ in range(3)]
    wishes = [
        stage.hold(visitor(), evening, "A1")
        if index % 2
        else stage.ask(clerks[index % 3], "POST", "/counter/sales", evening.wish("A1"), uuid4().hex)
        for index in range(20)
    ]
    answers = await asyncio.gather(*wishes)
    assert [one.status for one in answers].count(201) == 1
    assert {one.slug for one in answers if one.status != 201} == {"seat-taken"}


async def test_a_ticket_goes_in_once_and_the_second_scan_hears_when(
    stage: Stage, evening: Evening, clock: SetClock
) -> None:
    order = await bought(stage, evening, visitor(), "A1", standing=1)
    steward = staff(Role.STEWARD)
    scan = {"event": str(evening.event), "code": order["tickets"][0]["code"]}
    first_at = clock.now()
    answers = await asyncio.gather(*(stage.ask(steward, "POST", "/door/admissions", scan) for _ in range(5)))
    assert [one.body["admitted"] for one in answers].count(True) == 1
    welcome = next(one.body for one in answers if one.body["admitted"])
    assert (welcome["reason"], welcome["seat"], welcome["inside"]) == ("welcome", "A1", 1)
    clock.move(timedelta(minutes=7))
    second = (await stage.ask(steward, "POST", "/door/admissions", scan)).body
    assert (second["admitted"], second["reason"]) == (False, "already_admitted")
    assert second["first_admitted_at"].startswith(first_at.isoformat()[:19])
    assert len(await stage.look("SELECT FROM admission")) == 1
    (admitted,) = await stage.announced("orders.attendee.admitted.v1")
    assert admitted["day"] == "2026-11-21"
    # A party of two was there that evening, which is no more news when the second one comes.
    other = {"event": str(evening.event), "code": order["tickets"][1]["code"]}
    assert (await stage.ask(steward, "POST", "/door/admissions", other)).body["admitted"]
    assert len(await stage.announced("orders.attendee.admitted.v1")) == 1
    count = (await stage.ask(steward, "GET", f"/door/events/{evening.event}")).body
    assert (count["tickets"], count["inside"]) == (2, 2)


async def test_the_door_refuses_what_is_not_for_it(stage: Stage, evening: Evening, clock: SetClock) -> None:
    order = await bought(stage, evening, visitor(), "A1")
    other = await put_on(stage.dsn, clock.now(), slug="other")
    code, steward = order["tickets"][0]["code"], staff(Role.SUPERVISOR)

    async def reason(event: object, scanned: str) -> str:
        body = {"event": str(event), "code": scanned}
        return str((await stage.ask(steward, "POST", "/door/admissions", body)).body["reason"])

    assert await reason(other.event, code) == "other_event"
    turned = "B" if code[60] == "A" else "A"
    assert await reason(evening.event, code[:60] + turned + code[61:]) == "forged"
    assert await reason(evening.event, "https://elsewhere.example/ticket") == "forged"
    await stage.look("UPDATE ticket SET state = 'voided'")
    assert await reason(evening.event, code) == "voided"
    await stage.look("DELETE FROM ticket")
    assert await reason(evening.event, code) == "unknown_ticket"
    nowhere = {"event": str(uuid4()), "code": code}
    assert (await stage.ask(steward, "POST", "/door/admissions", nowhere)).slug == "unknown-event"
    assert (await stage.ask(visitor(), "POST", "/door/admissions", nowhere)).slug == "role-refused"


async def test_a_walk_in_is_admitted_without_news_of_anybody(stage: Stage, evening: Evening) -> None:
    clerk = staff(Role.BOX_OFFICE)
    sold = await stage.ask(clerk, "POST", "/counter/sales", evening.wish(standing=1), uuid4().hex)
    scan = {"event": str(evening.event), "code": sold.body["tickets"][0]["code"]}
    assert (await stage.ask(staff(Role.STEWARD), "POST", "/door/admissions", scan)).body["admitted"]
    assert await stage.announced("orders.attendee.admitted.v1") == []
