"""Money that leaves again: refunds until they arrived, and what banks take back, to the door and back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import requests

from chassis.faults import DatabaseAway
from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from services.orders.domain.money_back import decide_chargebacks, pause_after
from services.orders.domain.payment import ChargebackSeen
from services.orders.handlers.settle_payment import SettlePayment
from tests.mollie.conftest import Simulator
from tests.orders.laws import broken
from tests.orders.stage import Evening, Stage, connected, staff
from tests.orders.test_buying import books, bought, placed, press
from tests.orders.test_holding import timer

pytestmark = pytest.mark.requirement("G-12")


async def bank(mollie: Simulator, method: str, path: str, **body: int) -> Any:
    """What the buyer's bank does."""
    address = f"{mollie.url}/_simulator/payments/{path}"
    answer = await asyncio.to_thread(requests.request, method, address, json=body, timeout=5)
    answer.raise_for_status()
    return answer.json()


async def paid_too_late(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> Any:
    """An order whose money came when its places were gone."""
    order = await placed(stage, evening, noor, "A1")
    clock.move(timedelta(hours=2))
    await timer(service, "expire_holds")
    await asyncio.to_thread(press, order["checkout_url"], "paid")
    await stage.mollie_calls((await stage.payment_of(order["id"]))["provider_id"])
    return order


async def seen(stage: Stage, noor: Actor, order: Any) -> Any:
    """The order as its buyer sees it."""
    return (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body


async def laws(stage: Stage) -> list[str]:
    async with connected(stage.dsn) as sql:
        return await broken(sql)


async def scanned(stage: Stage, evening: Evening, order: Any) -> Any:
    """What the door says to the first ticket of an order."""
    scan = {"event": str(evening.event), "code": order["tickets"][0]["code"]}
    return (await stage.ask(staff(Role.STEWARD), "POST", "/door/admissions", scan)).body


async def test_money_that_came_too_late_is_followed_until_it_is_back_and_the_buyer_is_told_once(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    order = await paid_too_late(stage, service, evening, noor, clock)
    late = await seen(stage, noor, order)
    assert late["money_back"] == [{"cents": 2450, "reason": "late", "state": "due"}]
    assert (await books(stage))["owed_cents"] == 2450
    await timer(service, "refund_late_payments")
    (told,) = await stage.announced("orders.refund.sent.v1")
    assert (told["cents"], told["currency"], told["reason"]) == (2450, "EUR", "late")
    assert (told["subject"], told["number"]) == (str(noor.id), order["number"])
    assert (await seen(stage, noor, order))["payment"] == "paid"

    await asyncio.sleep(0.5)
    clock.move(timedelta(hours=1))
    await timer(service, "refund_late_payments")
    back = await seen(stage, noor, order)
    assert (back["payment"], back["money_back"][0]["state"]) == ("refunded", "settled")
    sums = await books(stage)
    assert (sums["owed_cents"], sums["held_up"], sums["balanced"]) == (0, 0, True)
    assert len(await stage.announced("orders.refund.sent.v1")) == 1
    assert await laws(stage) == []


async def test_a_provider_without_balance_is_asked_again_later_and_finance_sees_that_it_waits(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    order = await paid_too_late(stage, service, evening, noor, clock)
    await asyncio.to_thread(mollie.faults, no_balance=1, refund_fails=1)
    await timer(service, "refund_late_payments")
    assert (await seen(stage, noor, order))["money_back"][0]["state"] == "due"
    sums = await books(stage)
    assert (sums["owed_cents"], sums["held_up"], sums["balanced"]) == (2450, 1, True)
    await timer(service, "refund_late_payments")
    assert await stage.announced("orders.refund.sent.v1") == []

    clock.move(timedelta(minutes=1))
    await timer(service, "refund_late_payments")
    assert (await seen(stage, noor, order))["money_back"][0]["state"] == "sent"
    await asyncio.sleep(0.5)
    await stage.mollie_calls((await stage.payment_of(order["id"]))["provider_id"])
    assert (await seen(stage, noor, order))["money_back"][0]["state"] == "due"

    clock.move(timedelta(minutes=4))
    await timer(service, "refund_late_payments")
    await asyncio.sleep(0.5)
    await stage.mollie_calls((await stage.payment_of(order["id"]))["provider_id"])
    assert (await seen(stage, noor, order))["payment"] == "refunded"
    assert await laws(stage) == []


async def test_what_the_bookkeepers_gave_back_by_hand_is_not_given_back_twice_nor_asked_for_for_ever(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    order = await paid_too_late(stage, service, evening, noor, clock)
    payment = (await stage.payment_of(order["id"]))["provider_id"]
    known = mollie.client().payments.get(payment)
    by_hand = {"amount": {"currency": "EUR", "value": "24.50"}, "description": "by hand"}
    await asyncio.to_thread(known.refunds.create, by_hand)
    await timer(service, "refund_late_payments")
    assert (await seen(stage, noor, order))["money_back"][0]["state"] == "sent"
    assert len(await stage.announced("orders.refund.sent.v1")) == 1
    await asyncio.sleep(0.5)
    await stage.mollie_calls(payment)
    assert (await seen(stage, noor, order))["payment"] == "refunded"
    assert (await books(stage))["held_up"] == 0
    assert len(await asyncio.to_thread(lambda: list(known.refunds.list()))) == 1
    assert await laws(stage) == []


async def test_a_free_order_that_is_confirmed_after_its_time_owes_nobody_anything(
    stage: Stage,
    service: Service,
    evening: Evening,
    noor: Actor,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await stage.look("UPDATE price SET cents = 0, zones = '{}'")
    hold = (await stage.hold(noor, evening, "A1")).body

    async def cut_off(*_: object) -> None:
        raise DatabaseAway("it was killed here")

    with monkeypatch.context() as killed:
        killed.setattr(SettlePayment, "__call__", cut_off)
        assert (await stage.order(noor, hold["id"])).status == 503
    clock.move(timedelta(hours=2))
    await timer(service, "expire_holds")
    await timer(service, "reconcile_payments")
    (order,) = (await stage.ask(noor, "GET", "/my/orders")).body["orders"]
    assert (order["state"], order["payment"], order["money_back"]) == ("expired", "expired", [])
    await timer(service, "refund_late_payments")
    assert (await books(stage))["lines"] == []
    assert await laws(stage) == []


async def test_a_second_payment_says_that_it_is_one(
    stage: Stage, service: Service, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    order = await placed(stage, evening, noor, "A1")
    await asyncio.to_thread(press, order["checkout_url"], "paid")
    await stage.look("UPDATE placed_order SET state = 'paid'")
    await stage.mollie_calls((await stage.payment_of(order["id"]))["provider_id"])
    assert (await seen(stage, noor, order))["money_back"][0]["reason"] == "double"


async def test_money_that_is_back_stays_back_when_the_bank_gave_up_what_it_took_as_well(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    order = await paid_too_late(stage, service, evening, noor, clock)
    payment = (await stage.payment_of(order["id"]))["provider_id"]
    await timer(service, "refund_late_payments")
    taken = await bank(mollie, "POST", f"{payment}/chargebacks")
    await asyncio.sleep(0.5)
    await stage.mollie_calls(payment)
    assert (await seen(stage, noor, order))["payment"] == "charged_back"
    assert await laws(stage) == []
    await bank(mollie, "DELETE", f"{payment}/chargebacks/{taken['id']}")
    await stage.mollie_calls(payment)
    back = await seen(stage, noor, order)
    assert (back["payment"], back["money_back"][0]["state"]) == ("refunded", "settled")
    assert await laws(stage) == []


async def test_what_a_bank_takes_back_bars_the_tickets_until_it_comes_again(
    stage: Stage, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    order = await bought(stage, evening, noor, "A1", "A2")
    payment = (await stage.payment_of(order["id"]))["provider_id"]
    taken = await bank(mollie, "POST", f"{payment}/chargebacks")
    for _ in range(2):
        await stage.mollie_calls(payment)
    barred = await seen(stage, noor, order)
    assert (barred["state"], barred["payment"]) == ("charged_back", "charged_back")
    answer = await scanned(stage, evening, order)
    assert (answer["admitted"], answer["reason"]) == (False, "not_paid")
    (told,) = await stage.announced("orders.order.charged_back.v1")
    assert (told["subject"], told["cents"], told["number"]) == (str(noor.id), 4900, order["number"])
    sums = await books(stage)
    assert (sums["charged_back_orders"], sums["charged_back_cents"], sums["balanced"]) == (1, 4900, True)
    assert {line["kind"]: line["cents"] for line in sums["lines"]}["chargeback"] == -4900
    assert await laws(stage) == []

    await bank(mollie, "DELETE", f"{payment}/chargebacks/{taken['id']}")
    for _ in range(2):
        await stage.mollie_calls(payment)
    assert (await seen(stage, noor, order))["state"] == "paid"
    assert (await scanned(stage, evening, order))["reason"] == "welcome"
    assert len(await stage.announced("orders.order.reinstated.v1")) == 1
    sums = await books(stage)
    assert (sums["charged_back_orders"], sums["charged_back_cents"], sums["balanced"]) == (0, 0, True)
    assert await laws(stage) == []


async def test_a_chargeback_whose_webhook_was_lost_is_found_and_so_is_its_end(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    order = await bought(stage, evening, noor, "A1")
    payment = (await stage.payment_of(order["id"]))["provider_id"]
    taken = await bank(mollie, "POST", f"{payment}/chargebacks", units=1000)
    await timer(service, "find_chargebacks")
    await timer(service, "find_chargebacks")
    assert (await seen(stage, noor, order))["state"] == "charged_back"
    assert (await books(stage))["charged_back_cents"] == 1000
    await bank(mollie, "DELETE", f"{payment}/chargebacks/{taken['id']}")
    await timer(service, "reconcile_payments")
    assert (await seen(stage, noor, order))["state"] == "charged_back"
    clock.move(timedelta(hours=6))
    await timer(service, "reconcile_payments")
    assert (await seen(stage, noor, order))["state"] == "paid"
    assert await laws(stage) == []


async def test_what_goes_back_anyway_and_is_taken_back_is_not_paid_back_twice(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    order = await paid_too_late(stage, service, evening, noor, clock)
    payment = (await stage.payment_of(order["id"]))["provider_id"]
    await bank(mollie, "POST", f"{payment}/chargebacks")
    await stage.mollie_calls(payment)
    await timer(service, "refund_late_payments")
    late = await seen(stage, noor, order)
    assert (late["state"], late["payment"], late["money_back"][0]["state"]) == (
        "expired",
        "charged_back",
        "due",
    )
    assert await stage.announced("orders.order.charged_back.v1") == []
    assert await laws(stage) == []


def test_chargebacks_come_in_any_order_and_twice() -> None:
    one, two = ChargebackSeen("chb_1", 100, reversed=False), ChargebackSeen("chb_2", 50, reversed=True)
    taken = decide_chargebacks("paid", "paid", True, {}, [two, one])
    assert (taken.payment, taken.order) == ("charged_back", "charged_back")
    assert (taken.new, taken.reversed) == ((two, one), (two,))
    again = decide_chargebacks(
        "charged_back", "charged_back", True, {"chb_1": False, "chb_2": True}, [two, one]
    )
    assert (again.new, again.reversed, again.order) == ((), (), "charged_back")
    back = ChargebackSeen("chb_1", 100, reversed=True)
    assert decide_chargebacks("charged_back", "charged_back", True, {"chb_1": False}, [back]).order == "paid"
    stale = decide_chargebacks("paid", "paid", True, {"chb_1": True}, [one])
    assert (stale.payment, stale.new, stale.reversed) == ("paid", (), ())
    assert decide_chargebacks("paid", "expired", False, {}, [one]).order == "expired"


def test_pauses_grow_to_a_day() -> None:
    assert [pause_after(tries) for tries in (1, 2, 20)] == [
        timedelta(minutes=1),
        timedelta(minutes=4),
        timedelta(days=1),
    ]
