"""Whatever comes twice happens once, and what came too late loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.demo.doors import Browser, new_key
from deploy.local.demo.expecting import until
from deploy.local.demo.wire import Asked
from tests.conftest import House
from tests.journeys.knocking import (
    AT_ONCE,
    Doors,
    as_form,
    buys,
    by_letter,
    checkout,
    doors_of,
    is_page,
    is_problem,
    mails_to,
    ordered,
    paid,
    seated,
    standing,
)


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


async def _payments_of(doors: Doors, order: str) -> list[dict[str, Any]]:
    """Payments that Mollie knows of an order, asked with the house's own key."""
    key = (doors.house.instance.secrets / "orders" / "mollie").read_text().strip()
    url = doors.house.endpoints["mollie"] + "/v2/payments?limit=250"
    listed = (await doors.wire.send(Asked("GET", url, {"Authorization": f"Bearer {key}"}))).json()
    return [one for one in listed["_embedded"]["payments"] if one["metadata"]["order"] == order]


async def _papers(doors: Doors, buyer: Any) -> int:
    return sum(bool(mail["attachments"]) for mail in await mails_to(doors, buyer))


@pytest.mark.requirement("W-06")
async def test_one_checkout_sent_many_times_is_one_order_one_payment_one_set_of_tickets(doors: Doors) -> None:
    who, buyer, key = doors.guest(), doors.buyer(), new_key()
    hold = await who.post("/holds", standing(await doors.event("hoogspanning"), 2))
    body = checkout(hold, buyer)
    replies = await asyncio.gather(*(who.ask("POST", "/orders", body, key) for _ in range(5)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.json()["id"] for reply in replies}) == 1
    is_problem(await who.ask("POST", "/orders", {**body, "name": "Zoë"}, key), 422, "idempotency-key-reused")
    is_problem(await who.ask("POST", "/orders", body, new_key()), 409, "hold-ordered")
    order = await paid(doors, who, replies[0].json())
    assert len(order["tickets"]) == 2
    payments = await _payments_of(doors, order["id"])
    assert len(payments) == 1
    await _webhooks(doors, payments[0]["id"])
    again = await who.get(f"/orders/{order['id']}")
    assert [one["id"] for one in again["tickets"]] == [one["id"] for one in order["tickets"]]

    async def mailed() -> bool | None:
        return await _papers(doors, buyer) > 0 or None

    await until(mailed, "the tickets are mailed", AT_ONCE)
    assert await _papers(doors, buyer) == 1


async def _webhooks(doors: Doors, payment: str) -> None:
    """Mollie's webhook, many times at once; of what nobody knows; and of what is no payment."""
    mollie = doors.guest()
    path = "/api/v1/webhooks/mollie"
    replies = await asyncio.gather(*(mollie.form(path, {"id": payment}) for _ in range(5)))
    assert {reply.status for reply in replies} == {200}
    assert (await mollie.form(path, {"id": "tr_nobodyknows"})).status == 200
    assert (await mollie.ask("POST", "/webhooks/mollie", {"id": "tr_nobodyknows"})).status == 200
    is_problem(await mollie.form(path, {"id": "../../books"}), 422, "invalid-input")
    is_problem(await mollie.form(path, {}), 422, "invalid-input")


async def test_one_hold_asked_for_twice_is_one_hold(doors: Doors) -> None:
    who, key = doors.guest(), new_key()
    await who.page("/login")
    first = await who.post("/holds", standing(await doors.event("hoogspanning")))
    await who.ask("DELETE", f"/holds/{first['id']}")
    wish = seated(await doors.event("open-repetitie"))
    replies = await asyncio.gather(*(who.ask("POST", "/holds", wish, key) for _ in range(3)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.json()["id"] for reply in replies}) == 1
    await who.ask("DELETE", f"/holds/{replies[0].json()['id']}")


async def test_a_doubled_click_on_a_seat_leads_to_the_basket_twice(doors: Doors) -> None:
    who = doors.guest()
    first = await who.post("/holds", standing(await doors.event("hoogspanning")))
    form = as_form(seated(await doors.event("open-repetitie")))
    # The same places again, after they were given back, are as doubled as at first.
    for _ in range(3):
        clicks = [doors.post(who, "/e/open-repetitie/hold", form) for _ in range(3)]
        assert [(reply.status, reply.location) for reply in await asyncio.gather(*clicks)] == [
            (303, "/basket")
        ] * 3
        text = is_page(await who.page("/basket"), 200)
        assert "Répétition ouverte" in text
        assert "data-countdown" in text
        assert (await who.form("/basket/release", {})).location == "/e/open-repetitie"
    assert (await who.ask("DELETE", f"/holds/{first['id']}")).status == 204


async def test_a_doubled_click_on_paying_is_one_order(doors: Doors) -> None:
    who, buyer = doors.guest(), doors.buyer()
    await who.post("/holds", standing(await doors.event("hoogspanning")))
    form = {"name": buyer.name, "email": buyer.email, "language": "fr"}
    clicks = await asyncio.gather(*(who.form("/basket/pay", form) for _ in range(3)))
    assert {reply.status for reply in clicks} == {303}
    paying = {reply.location for reply in clicks if reply.location.startswith("http")}
    assert len(paying) == 1
    other = await who.form("/basket/pay", {**form, "name": "Zoë"})
    assert other.location.startswith("/order/")
    assert len(await _payments_of(doors, other.location.rsplit("/", 1)[-1])) == 1
    assert "data-countdown" not in (await who.page("/basket")).text


@pytest.mark.requirement("W-06")
async def test_who_fails_to_pay_may_try_until_it_works(doors: Doors) -> None:
    who = doors.guest()
    order = await ordered(doors, who, doors.buyer())
    pay, page = order["checkout_url"], f"/order/{order['id']}"
    for _ in range(3):
        await _fails(doors, who, order["id"], pay)
        clicks = await asyncio.gather(*(who.form(page + "/pay", {}) for _ in range(2)))
        assert {reply.status for reply in clicks} == {303}
        tries = {reply.location for reply in clicks if reply.location.startswith("http")}
        assert len(tries) == 1
        pay = tries.pop()
    assert len(await _payments_of(doors, order["id"])) == 4
    assert len((await paid(doors, who, {**order, "checkout_url": pay}))["tickets"]) == 1


async def _fails(doors: Doors, who: Browser, order: str, pay: str) -> None:
    await doors.at("mollie").form(pay, {"status": "failed"})

    async def look() -> bool | None:
        return (await who.get(f"/orders/{order}"))["payment"] == "failed" or None

    await until(look, "the payment failed", AT_ONCE)


@pytest.mark.requirement("F-27")
async def test_a_doubled_counter_sale_is_one_sale(doors: Doors) -> None:
    clerk, detail = await doors.staff("box_office"), await doors.event("hoogspanning")
    wish, key = standing(detail), new_key()
    sales = await asyncio.gather(*(clerk.ask("POST", "/counter/sales", wish, key) for _ in range(4)))
    assert {reply.status for reply in sales} == {201}
    assert len({reply.json()["id"] for reply in sales}) == 1
    changed = await clerk.ask("POST", "/counter/sales", standing(detail, 2), key)
    is_problem(changed, 422, "idempotency-key-reused")
    is_problem(await clerk.ask("POST", "/counter/sales", wish), 400, "idempotency-key-missing")


@pytest.mark.requirement("F-27")
async def test_the_counters_page_sells_once_and_says_so(doors: Doors) -> None:
    clerk, detail = await doors.staff("box_office"), await doors.event("hoogspanning")
    price = f"standing.{standing(detail)['standing'][0]['price']}"
    form = {"event": detail["event"]["id"], price: "1", "method": "cash", "given": "20", "key": new_key()}
    before = (await doors.event("hoogspanning"))["standing_free"]
    for reply in await asyncio.gather(*(clerk.form("/counter/sell", form) for _ in range(3))):
        is_page(reply, 200)
    assert (await doors.event("hoogspanning"))["standing_free"] == before - 1
    text = is_page(await clerk.form("/counter/sell", {**form, price: "2"}), 409)
    assert "Cette vente est déjà faite" in text
    assert form["key"] not in text
    for wrong in ({"key": ""}, {"key": "x"}, {"method": "gold"}):
        is_page(await clerk.form("/counter/sell", {**form, **wrong}), 422)
    assert (await doors.event("hoogspanning"))["standing_free"] == before - 1


@pytest.mark.requirement("G-41")
async def test_who_comes_too_late_loses_the_places_and_nothing_else(doors: Doors) -> None:
    who, buyer = doors.guest(), doors.buyer()
    gulls = await doors.event("nachtmis-voor-meeuwen")
    hold = await who.post("/holds", standing(gulls))
    wrong = {"name": buyer.name, "email": "maud at example", "language": "fr"}
    is_page(await who.form("/basket/pay", wrong), 422)
    await asyncio.sleep(gulls["hold_seconds"] + 0.5)
    is_problem(await who.ask("POST", "/orders", checkout(hold, buyer), new_key()), 410, "hold-expired")
    late = await who.form("/basket/pay", {**wrong, "email": buyer.email})
    text = is_page(late, 410)
    assert buyer.email in text
    text = is_page(await who.page("/basket"), 200)
    assert "data-countdown" not in text
    assert buyer.name in text
    assert (await doors.post(who, "/e/nachtmis-voor-meeuwen/hold", as_form(standing(gulls)))).status == 303
    assert buyer.name in is_page(await who.page("/basket"), 200)
    paying = await who.form("/basket/pay", {**wrong, "email": buyer.email})
    assert paying.location.startswith(doors.house.endpoints["mollie"])
    is_problem(await who.ask("POST", "/orders", checkout(hold, buyer), new_key()), 410, "hold-expired")


@pytest.mark.requirement("W-42")
async def test_an_erasure_asked_for_twice_is_one_case(doors: Doors) -> None:
    who, buyer = doors.guest(), doors.buyer()
    await paid(doors, who, await ordered(doors, who, buyer))
    letter = await by_letter(doors, buyer)
    subject = (await letter.get("/me"))["subject"]
    is_problem(await letter.ask("POST", "/me/erasure", {"understood": False}), 422, "erasure-not-understood")
    is_page(await letter.form("/my-data/erase", {"understood": "no"}), 422)
    asked = [letter.ask("POST", "/me/erasure", {"understood": True}) for _ in range(3)]
    replies = await asyncio.gather(*asked, letter.form("/my-data/erase", {"understood": "yes"}))
    cases = {reply.json()["id"] for reply in replies[:3] if reply.status == 201}
    assert len(cases) == 1
    assert {reply.status for reply in replies} <= {201, 303, 401}
    officer = await doors.staff("privacy_officer")
    known = (await officer.get("/privacy/cases"))["cases"]
    assert [one["id"] for one in known if one["subject"] == subject] == list(cases)


async def test_after_all_this_the_house_still_sells(doors: Doors) -> None:
    assert (await buys(doors))["payment"] == "paid"
