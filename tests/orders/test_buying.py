"""From kept places to tickets, whatever the payment provider does on the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests

from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from services.orders.domain.ticket_code import read_code
from services.orders.signing import known_keys, verifier_of
from tests.mollie.conftest import Simulator
from tests.orders.stage import Evening, Stage, put_on, staff, visitor
from tests.orders.test_holding import timer


def press(checkout_url: str, status: str) -> str:
    """What the buyer presses on Mollie's page; where it sends the browser."""
    answer = requests.post(checkout_url, data={"status": status}, allow_redirects=False, timeout=5)
    return answer.headers["Location"]


async def placed(stage: Stage, evening: Evening, noor: Actor, *labels: str, standing: int = 0) -> Any:
    """An order that waits for its payment."""
    kept = await stage.hold(noor, evening, *(labels or ("A1", "A2")), standing=standing)
    answer = await stage.order(noor, kept.body["id"])
    assert answer.status == 201, answer.body
    return answer.body


async def bought(stage: Stage, evening: Evening, noor: Actor, *labels: str, standing: int = 0) -> Any:
    """A paid order."""
    order = await placed(stage, evening, noor, *labels, standing=standing)
    await asyncio.to_thread(press, order["checkout_url"], "paid")
    payment = await stage.payment_of(order["id"])
    assert (await stage.mollie_calls(payment["provider_id"])).status == 200
    return (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body


async def books(stage: Stage) -> Any:
    """What finance sees."""
    return (await stage.ask(staff(Role.FINANCE), "GET", "/books")).body


@pytest.mark.requirement("G-20")
async def test_a_guest_orders_pays_and_gets_signed_tickets(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await placed(stage, evening, noor)
    assert (order["state"], order["payment"], order["total_cents"]) == ("placed", "open", 4900)
    assert order["vat_cents"] == 278
    assert order["tickets"] == []

    back = await asyncio.to_thread(press, order["checkout_url"], "paid")
    assert back.startswith("http://localhost:8080/back/")
    provider_id = (await stage.payment_of(order["id"]))["provider_id"]
    for _ in range(3):
        await stage.mollie_calls(provider_id)

    paid = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body
    assert (paid["state"], paid["payment"], paid["checkout_url"]) == ("paid", "paid", None)
    assert [ticket["seat"] for ticket in paid["tickets"]] == ["A1", "A2"]
    verify = verifier_of(known_keys(stage.secrets / "orders" / "tickets"))
    for ticket in paid["tickets"]:
        read = read_code(ticket["code"], verify)
        assert read is not None
        assert (str(read.ticket), read.event) == (ticket["id"], evening.event)
        assert len(ticket["code"]) < 200

    (issued,) = await stage.announced("orders.tickets.issued.v1")
    assert issued["subject"] == str(noor.id)
    assert [one["code"] for one in issued["tickets"]] == [one["code"] for one in paid["tickets"]]
    (told,) = await stage.announced("orders.order.paid.v1")
    assert told["day"] == "2026-11-21"
    sums = await books(stage)
    assert sums["balanced"]
    assert (sums["paid_orders"], sums["tickets"], sums["tickets_cents"]) == (1, 2, 4900)
    assert {line["kind"]: line["cents"] for line in sums["lines"]} == {"sale": 4900, "payment": 4900}


@pytest.mark.requirement("W-34")
async def test_mollie_learns_an_amount_and_a_number_and_nothing_of_the_person(
    stage: Stage, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    order = await placed(stage, evening, noor)
    provider_id = (await stage.payment_of(order["id"]))["provider_id"]
    known = await asyncio.to_thread(lambda: mollie.client().payments.get(provider_id))
    assert known.description == order["number"]
    assert known.amount == {"currency": "EUR", "value": "49.00"}
    assert known.metadata == {"order": order["id"]}
    assert known.webhook_url == "http://localhost:8080/api/v1/webhooks/mollie"
    text = str(dict(known))
    assert all(secret not in text for secret in ("Noor", "noor@", "+32", str(noor.id)))
    (row,) = await stage.look("SELECT request FROM payment")
    assert row["request"] is None


@pytest.mark.requirement("G-15")
async def test_who_buys_stands_beside_the_order_and_is_told_to_the_owner_of_contact(
    stage: Stage, clock: SetClock, noor: Actor
) -> None:
    partner = uuid4()
    evening = await put_on(stage.dsn, clock.now(), partner=partner)
    kept = await stage.hold(noor, evening, "A1")
    choice = {
        "purpose": "co_presentation_news",
        "organisation": str(partner),
        "given": True,
        "wording": "checkout.co_presentation_news.v2",
    }
    order = await stage.order(noor, kept.body["id"], choices=[choice])
    assert order.status == 201
    (person,) = await stage.look("SELECT * FROM order_person")
    assert (person["subject_id"], person["name"], person["version"]) == (noor.id, "Noor Vandenbroucke", 1)
    (named,) = await stage.announced("orders.buyer.named.v1")
    assert (named["subject"], named["email"], named["version"]) == (str(noor.id), "noor@visitors.example", 1)
    (made,) = await stage.announced("orders.choice.made.v1")
    assert (made["state"], made["wording"]) == ("given", "checkout.co_presentation_news.v2")
    (gate,) = await stage.look("SELECT state, version FROM gate")
    assert tuple(gate) == ("given", 0)
    assert len(await stage.announced("orders.order.placed.v1")) == 1
    assert len(await stage.look("SELECT FROM idempotency_key")) == 1


async def test_the_same_request_twice_makes_one_order(stage: Stage, evening: Evening, noor: Actor) -> None:
    kept = await stage.hold(noor, evening, "A1")
    key = uuid4().hex
    answers = await asyncio.gather(*(stage.order(noor, kept.body["id"], key) for _ in range(3)))
    assert [one.status for one in answers] == [201, 201, 201]
    assert len({one.body["id"] for one in answers}) == 1
    assert len(await stage.look("SELECT FROM payment")) == 1
    other = await stage.order(noor, kept.body["id"], key, name="Somebody Else")
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
    again = await stage.order(noor, kept.body["id"])
    assert (again.status, again.slug) == (409, "hold-ordered")


async def test_what_cannot_be_ordered_says_why(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    kept = (await stage.hold(noor, evening, "A1")).body["id"]
    away = await stage.order(noor, kept, return_url="https://elsewhere.example/back")
    assert away.slug == "wrong-return-url"
    loose = await stage.order(noor, kept, return_url="http://localhost:8080/back?name=noor")
    assert loose.slug == "wrong-return-url"
    choice = {
        "purpose": "co_presentation_news",
        "organisation": str(uuid4()),
        "given": True,
        "wording": "checkout.co_presentation_news.v2",
    }
    assert (await stage.order(noor, kept, choices=[choice])).slug == "unknown-partner"
    assert (await stage.order(noor, str(uuid4()))).slug == "unknown-hold"
    missing = await stage.ask(noor, "POST", "/orders", {"hold": kept})
    assert (missing.status, missing.slug) == (422, "invalid-input")
    assert await stage.look("SELECT FROM placed_order") == []
    clock.move(timedelta(seconds=600))
    late = await stage.order(noor, kept)
    assert (late.status, late.slug) == (410, "hold-expired")


async def test_other_peoples_orders_do_not_exist(stage: Stage, evening: Evening, noor: Actor) -> None:
    order = await placed(stage, evening, noor)
    stranger = visitor()
    assert (await stage.ask(stranger, "GET", f"/orders/{order['id']}")).status == 404
    pay = await stage.ask(stranger, "POST", f"/orders/{order['id']}/payment", key=uuid4().hex)
    assert pay.status == 404
    assert (await stage.ask(stranger, "GET", "/my/orders")).body == {"orders": []}
    mine = await stage.ask(noor, "GET", "/my/orders")
    assert [one["number"] for one in mine.body["orders"]] == [order["number"]]
    assert (await stage.ask(staff(Role.BOX_OFFICE), "GET", f"/orders/{order['id']}")).status == 200
    assert (await stage.ask(noor, "GET", f"/orders/{uuid4()}")).status == 404


async def test_a_failed_payment_can_be_tried_again_while_the_places_are_kept(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await placed(stage, evening, noor)
    await asyncio.to_thread(press, order["checkout_url"], "failed")
    await stage.mollie_calls((await stage.payment_of(order["id"]))["provider_id"])
    failed = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body
    assert (failed["state"], failed["payment"], failed["checkout_url"]) == ("placed", "failed", None)
    assert failed["places_kept_until"] is not None
    assert len(await stage.announced("orders.payment.failed.v1")) == 1

    key, path = uuid4().hex, f"/orders/{order['id']}/payment"
    tries = await asyncio.gather(*(stage.ask(noor, "POST", path, key=key) for _ in range(2)))
    assert len({one.body["checkout_url"] for one in tries}) == 1
    again = tries[0].body
    assert again["payment"] == "open"
    assert again["checkout_url"] != order["checkout_url"]
    assert len(await stage.look("SELECT FROM payment")) == 2
    await asyncio.to_thread(press, again["checkout_url"], "paid")
    await stage.mollie_calls((await stage.payment_of(order["id"]))["provider_id"])
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["state"] == "paid"
    assert (await books(stage))["balanced"]


async def test_an_unpaid_order_expires_and_its_places_are_free_again(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    order = await placed(stage, evening, noor, "A1", standing=3)
    clock.move(timedelta(seconds=900))
    await timer(service, "expire_holds")
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["state"] == "placed"
    kept_until = (await stage.look("SELECT expires_at FROM hold"))[0]["expires_at"]
    clock.set(kept_until)
    await timer(service, "expire_holds")
    expired = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body
    assert (expired["state"], expired["places_kept_until"]) == ("expired", None)
    assert len(await stage.announced("orders.order.expired.v1")) == 1
    retry = await stage.ask(noor, "POST", f"/orders/{order['id']}/payment", key=uuid4().hex)
    assert (retry.status, retry.slug) == (409, "places-lost")
    assert (await stage.hold(visitor(), evening, "A1")).status == 201


async def test_money_that_comes_too_late_goes_back_and_the_books_stay_right(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    order = await placed(stage, evening, noor, "A1")
    clock.move(timedelta(hours=2))
    other = await bought(stage, evening, visitor(), "A1")
    assert other["state"] == "paid"
    await timer(service, "expire_holds")

    await asyncio.to_thread(press, order["checkout_url"], "paid")
    provider_id = (await stage.payment_of(order["id"]))["provider_id"]
    await stage.mollie_calls(provider_id)
    late = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body
    assert (late["state"], late["payment"], late["tickets"]) == ("expired", "paid", [])
    await timer(service, "refund_late_payments")
    await timer(service, "refund_late_payments")
    (back,) = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["money_back"]
    assert back == {"cents": 2450, "reason": "late", "state": "sent"}
    known = await asyncio.to_thread(lambda: list(mollie.client().payments.get(provider_id).refunds.list()))
    assert [one.amount["value"] for one in known] == ["24.50"]
    sums = await books(stage)
    assert sums["balanced"]
    kinds = {line["kind"]: line["cents"] for line in sums["lines"]}
    assert kinds == {"sale": 2450, "payment": 4900, "refund": -2450}


async def test_an_amount_that_nobody_asked_for_goes_back_and_buys_nothing(
    stage: Stage, service: Service, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    order = await placed(stage, evening, noor, "A1")
    await stage.look("UPDATE payment SET cents = cents + 100")
    await asyncio.to_thread(press, order["checkout_url"], "paid")
    provider_id = (await stage.payment_of(order["id"]))["provider_id"]
    await stage.mollie_calls(provider_id)
    unpaid = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body
    assert (unpaid["state"], unpaid["tickets"]) == ("placed", [])
    await timer(service, "refund_late_payments")
    known = await asyncio.to_thread(lambda: list(mollie.client().payments.get(provider_id).refunds.list()))
    assert [one.amount["value"] for one in known] == ["24.50"]
    assert (await books(stage))["balanced"]
    again = await stage.ask(noor, "POST", f"/orders/{order['id']}/payment", key=uuid4().hex)
    assert again.body["payment"] == "open"


async def test_an_answer_of_mollie_that_never_arrived_is_asked_again_with_the_same_key(
    stage: Stage, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    await asyncio.to_thread(mollie.faults, timeout_after_create=1)
    order = await placed(stage, evening, noor)
    assert order["checkout_url"] is not None
    found = await asyncio.to_thread(lambda: list(mollie.client().payments.list(limit=250)))
    assert len([one for one in found if one.metadata == {"order": order["id"]}]) == 1


async def test_a_request_cut_off_before_mollie_answered_goes_on_when_it_is_repeated(
    stage: Stage, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    kept, key = await stage.hold(noor, evening, "A1"), uuid4().hex
    await asyncio.to_thread(mollie.faults, unavailable=2)
    first = await stage.order(noor, kept.body["id"], key)
    assert (first.status, first.body["payment"], first.body["checkout_url"]) == (201, "open", None)
    second = await stage.order(noor, kept.body["id"], key)
    assert second.body["id"] == first.body["id"]
    assert second.body["checkout_url"] is not None


async def test_the_timer_mends_what_was_cut_off_and_finds_lost_webhooks(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    await asyncio.to_thread(mollie.faults, unavailable=2)
    order = await placed(stage, evening, noor)
    clock.move(timedelta(seconds=31))
    await timer(service, "reconcile_payments")
    mended = (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body
    assert mended["checkout_url"] is not None
    await asyncio.to_thread(press, mended["checkout_url"], "paid")
    clock.move(timedelta(seconds=31))
    await timer(service, "reconcile_payments")
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["state"] == "paid"


async def test_a_webhook_for_an_answer_that_was_lost_finds_its_payment(
    stage: Stage, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    await asyncio.to_thread(mollie.faults, timeout_after_create=2)
    order = await placed(stage, evening, noor)
    assert order["checkout_url"] is None
    found = await asyncio.to_thread(lambda: list(mollie.client().payments.list(limit=250)))
    (made,) = [one for one in found if one.metadata == {"order": order["id"]}]
    await asyncio.to_thread(press, made.checkout_url, "paid")
    await stage.mollie_calls(made.id)
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["state"] == "paid"


async def test_webhooks_of_strangers_change_nothing(stage: Stage, evening: Evening, noor: Actor) -> None:
    order = await placed(stage, evening, noor)
    assert (await stage.mollie_calls("tr_Unknown123")).status == 200
    assert (await stage.mollie_calls("not an id")).status == 422
    provider_id = (await stage.payment_of(order["id"]))["provider_id"]
    await stage.mollie_calls(provider_id)
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["payment"] == "open"


async def test_what_costs_nothing_is_paid_at_once(stage: Stage, clock: SetClock, noor: Actor) -> None:
    evening = await put_on(stage.dsn, clock.now(), seat_cents=0)
    kept = await stage.hold(noor, evening, "A1")
    order = (await stage.order(noor, kept.body["id"])).body
    assert (order["state"], order["payment"], order["total_cents"]) == ("paid", "paid", 0)
    assert len(order["tickets"]) == 1


async def test_many_buy_at_once_and_every_paid_order_has_its_tickets(stage: Stage, evening: Evening) -> None:
    labels = list(evening.seats)[:12]
    orders = await asyncio.gather(*(bought(stage, evening, visitor(), label) for label in labels))
    assert sorted(order["tickets"][0]["seat"] for order in orders) == sorted(labels)
    assert len({order["number"] for order in orders}) == 12
    sums = await books(stage)
    assert sums["balanced"]
    assert sums["tickets"] == 12
    rows = await stage.look(
        """SELECT o.order_id FROM placed_order o WHERE o.state = 'paid' AND NOT EXISTS (
               SELECT FROM ticket t WHERE t.event_id = o.event_id AND t.order_id = o.order_id)"""
    )
    assert rows == []
    assert UUID(orders[0]["id"])
