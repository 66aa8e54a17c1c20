"""Chargebacks, and refunds that come to nothing, through the official client."""

from typing import Any

import pytest
import requests
from mollie.api.client import Client
from mollie.api.error import UnprocessableEntityError

from tests.mollie.conftest import Shop, Simulator, choose, order, wait_until

pytestmark = pytest.mark.requirement("G-24")


@pytest.fixture
def paid(mollie: Client, shop: Shop) -> Any:
    payment = mollie.payments.create(order("30.00", webhookUrl=shop.url))
    choose(payment, "paid")
    wait_until(lambda: shop.heard)
    shop.heard.clear()
    return mollie.payments.get(payment.id)


def bank(simulator: Simulator, method: str, path: str, **body: int) -> Any:
    """What the customer's bank does."""
    address = f"{simulator.url}/_simulator/payments/{path}"
    answer = requests.request(method, address, json=body, timeout=5)
    answer.raise_for_status()
    return answer.json()


def test_a_chargeback_is_told_and_the_payment_stays_paid(
    simulator: Simulator, mollie: Client, paid: Any, shop: Shop
) -> None:
    made = bank(simulator, "POST", f"{paid.id}/chargebacks")
    assert wait_until(shop.ids) == [paid.id]
    payment = mollie.payments.get(paid.id, embed="chargebacks,refunds")
    assert payment.is_paid()
    assert payment.has_chargebacks()
    assert payment.amount_chargedback == {"currency": "EUR", "value": "30.00"}
    assert [one["id"] for one in payment["_embedded"]["chargebacks"]] == [made["id"]]
    (one,) = payment.chargebacks.list()
    assert (one.amount["value"], one.reversed_at, one.payment_id) == ("30.00", None, paid.id)
    assert made["id"] in [known.id for known in mollie.chargebacks.list()]
    assert payment.chargebacks.get(made["id"]).reason["code"] == "AC06"


def test_a_chargeback_can_be_reversed(simulator: Simulator, mollie: Client, paid: Any, shop: Shop) -> None:
    made = bank(simulator, "POST", f"{paid.id}/chargebacks", units=1000)
    bank(simulator, "DELETE", f"{paid.id}/chargebacks/{made['id']}")
    payment = mollie.payments.get(paid.id)
    assert payment.amount_chargedback is None
    assert payment.is_paid()
    assert mollie.payments.get(paid.id).chargebacks.get(made["id"]).reversed_at is not None
    assert wait_until(lambda: shop.ids()[1:]) == [paid.id]


def test_nothing_is_charged_back_twice(simulator: Simulator, paid: Any) -> None:
    bank(simulator, "POST", f"{paid.id}/chargebacks")
    with pytest.raises(requests.HTTPError):
        bank(simulator, "POST", f"{paid.id}/chargebacks")


def test_a_refund_without_balance_is_refused_and_one_may_fail_later(simulator: Simulator, paid: Any) -> None:
    wish = {"amount": {"currency": "EUR", "value": "30.00"}}
    simulator.faults(no_balance=1, refund_fails=1)
    with pytest.raises(UnprocessableEntityError, match="balance"):
        paid.refunds.create(wish)
    refund = paid.refunds.create(wish)
    wait_until(lambda: paid.refunds.get(refund.id).status == "failed")
    assert paid.refunds.create(wish, idempotency_key="again").is_pending()


def test_methods_are_named_in_the_language_that_is_asked_for(mollie: Client) -> None:
    named = {method.id: method.description for method in mollie.methods.list(locale="fr_BE")}
    assert (named["banktransfer"], named["ideal"]) == ("Virement", "iDEAL")
