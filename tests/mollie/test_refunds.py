"""Refunds, through the official client."""

import re
import time
from typing import Any

import pytest
from mollie.api.client import Client
from mollie.api.error import ConflictError, NotFoundError, UnprocessableEntityError

from tests.mollie.conftest import Shop, choose, order, wait_until

pytestmark = pytest.mark.requirement("G-24")


@pytest.fixture
def paid(mollie: Client, shop: Shop) -> Any:
    payment = mollie.payments.create(order("30.00", webhookUrl=shop.url))
    choose(payment, "paid")
    wait_until(lambda: shop.heard)
    shop.heard.clear()
    return mollie.payments.get(payment.id)


def part(value: str, description: str = "", currency: str = "EUR") -> dict[str, object]:
    return {"amount": {"currency": currency, "value": value}, "description": description}


def test_a_refund_is_pending_first_and_then_told(mollie: Client, paid: Any, shop: Shop) -> None:
    refund = paid.refunds.create({**part("10.00", "Seat 4"), "metadata": {"refund": 7}})
    assert re.fullmatch(r"re_\w{10}", refund.id)
    assert refund.is_pending()
    assert (refund.payment_id, refund.metadata) == (paid.id, {"refund": 7})
    wait_until(lambda: paid.refunds.get(refund.id).is_refunded())
    assert wait_until(shop.ids) == [paid.id]


def test_the_payment_says_what_went_back(mollie: Client, paid: Any) -> None:
    paid.refunds.create(part("10.00", "one"))
    paid.refunds.create(part("10.00", "two"))
    payment = mollie.payments.get(paid.id)
    assert payment.is_paid()
    assert payment.amount_refunded["value"] == "20.00"
    assert payment.amount_remaining["value"] == "10.00"
    assert payment.has_refunds()
    assert [refund.description for refund in payment.refunds.list()] == ["two", "one"]
    assert payment.refunds.list()[0].id in [refund.id for refund in mollie.refunds.list()]


def test_never_more_goes_back_than_was_paid(paid: Any) -> None:
    paid.refunds.create(part("20.00"))
    with pytest.raises(UnprocessableEntityError, match="higher than the maximum"):
        paid.refunds.create(part("10.01"))
    paid.refunds.create(part("10.00"))


def test_another_currency_is_refused(paid: Any) -> None:
    with pytest.raises(UnprocessableEntityError, match="currency"):
        paid.refunds.create(part("10.00", currency="USD"))


def test_the_same_refund_twice_in_a_row_is_taken_for_a_mistake(paid: Any) -> None:
    paid.refunds.create(part("5.00", "Seat 4"))
    with pytest.raises(ConflictError, match="duplicate"):
        paid.refunds.create(part("5.00", "Seat 4"))


def test_with_its_key_the_same_refund_is_made_once(paid: Any) -> None:
    first, again = (paid.refunds.create(part("5.00"), idempotency_key="refund-1") for _ in range(2))
    assert first.id == again.id
    assert paid.refunds.list().count == 1


def test_what_is_not_paid_cannot_go_back(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    with pytest.raises(UnprocessableEntityError, match="not paid"):
        payment.refunds.create(part("1.00"))


def test_a_pending_refund_can_be_stopped(mollie: Client, paid: Any) -> None:
    refund = paid.refunds.create(part("30.00"))
    paid.refunds.delete(refund.id)
    assert mollie.payments.get(paid.id).amount_remaining["value"] == "30.00"
    time.sleep(0.5)
    assert paid.refunds.get(refund.id).status == "canceled"
    with pytest.raises(UnprocessableEntityError):
        paid.refunds.delete(refund.id)


def test_an_unknown_refund_is_not_found(paid: Any) -> None:
    with pytest.raises(NotFoundError):
        paid.refunds.get("re_doesnotexist")
