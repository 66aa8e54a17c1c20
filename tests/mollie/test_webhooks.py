"""Webhooks as Mollie makes them, and as a provider on a bad day makes them."""

import time

import pytest
import requests
from mollie.api.client import Client

from tests.mollie.conftest import Shop, Simulator, choose, order, running, wait_until

pytestmark = pytest.mark.requirement("W-06")


@pytest.mark.parametrize("status", ["paid", "failed", "canceled", "expired"])
def test_the_shop_hears_the_id_and_nothing_else(mollie: Client, shop: Shop, status: str) -> None:
    payment = mollie.payments.create(order(webhookUrl=shop.url))
    choose(payment, status)
    wait_until(lambda: shop.heard)
    assert shop.heard == [("application/x-www-form-urlencoded", f"id={payment.id}".encode())]
    assert mollie.payments.get(payment.id).status == status


def test_an_expiry_is_told_too(mollie: Client, shop: Shop) -> None:
    payment = mollie.payments.create(order(webhookUrl=shop.url, metadata={"simulator_expires_seconds": 0.1}))
    assert wait_until(shop.ids) == [payment.id]


def test_a_cancellation_by_the_shop_is_told_too(mollie: Client, shop: Shop) -> None:
    payment = mollie.payments.create(order(webhookUrl=shop.url))
    mollie.payments.delete(payment.id)
    assert wait_until(shop.ids) == [payment.id]


def test_a_shop_that_does_not_answer_200_is_called_again(mollie: Client, shop: Shop) -> None:
    shop.statuses = [500, 202, 200]
    choose(mollie.payments.create(order(webhookUrl=shop.url)), "paid")
    wait_until(lambda: len(shop.heard) == 3)
    time.sleep(0.5)
    assert len(shop.heard) == 3


def test_a_shop_that_answers_too_late_is_called_again(mollie: Client, shop: Shop) -> None:
    shop.slow_seconds = 1.3
    choose(mollie.payments.create(order(webhookUrl=shop.url)), "paid")
    wait_until(lambda: len(shop.heard) >= 2)


def test_after_the_last_attempt_the_simulator_gives_up(
    mollie: Client, simulator: Simulator, shop: Shop
) -> None:
    shop.statuses = [500]
    payment = mollie.payments.create(order(webhookUrl=shop.url))
    choose(payment, "paid")
    wait_until(lambda: len(shop.heard) == 4)
    time.sleep(0.5)
    assert len(shop.heard) == 4
    held = requests.get(f"{simulator.url}/_simulator/payments", timeout=5).json()["payments"]
    calls = next(p["webhooks"] for p in held if p["id"] == payment.id)
    assert calls == [{"attempt": 4, "last_status": 500, "due": None}]


def test_a_webhook_can_come_twice(mollie: Client, simulator: Simulator, shop: Shop) -> None:
    simulator.faults(duplicate=2)
    payment = mollie.payments.create(order(webhookUrl=shop.url))
    choose(payment, "paid")
    wait_until(lambda: shop.ids() == [payment.id] * 3)


def test_webhooks_can_come_in_another_order(simulator: Simulator, shop: Shop, tmp_path) -> None:
    with running(tmp_path / "s.sqlite") as fresh:
        fresh.faults(reorder=True)
        payments = [fresh.client().payments.create(order(webhookUrl=shop.url)) for _ in range(2)]
        for payment in payments:
            choose(payment, "paid")
        wait_until(lambda: len(shop.heard) == 2)
        assert shop.ids() == [payments[1].id, payments[0].id]


def test_a_webhook_can_be_late_or_lost(mollie: Client, simulator: Simulator, shop: Shop) -> None:
    simulator.faults(delay_seconds=0.6, webhook_drop=1)
    lost, late = (mollie.payments.create(order(webhookUrl=shop.url)) for _ in range(2))
    choose(lost, "paid")
    choose(late, "paid")
    time.sleep(0.3)
    assert shop.heard == []
    wait_until(lambda: shop.ids() == [late.id])
    assert mollie.payments.get(lost.id).is_paid()


def test_an_unruly_simulator_doubles_and_reorders_from_the_start(shop: Shop, tmp_path) -> None:
    with running(tmp_path / "s.sqlite", MOLLIE_SIM_UNRULY="1") as unruly:
        payment = unruly.client().payments.create(order(webhookUrl=shop.url))
        choose(payment, "paid")
        wait_until(lambda: shop.ids() == [payment.id] * 2)
        faults = requests.get(f"{unruly.url}/_simulator/faults", timeout=5).json()
        assert (faults["duplicate"], faults["reorder"]) == (1, True)


@pytest.mark.parametrize("fault", [{"gremlins": 1}, {"duplicate": "two"}, {"webhook_drop": -1}, []])
def test_an_unknown_fault_is_refused(simulator: Simulator, fault: object) -> None:
    assert requests.post(f"{simulator.url}/_simulator/faults", json=fault, timeout=5).status_code == 422
