"""The page where a customer pays."""

import pytest
import requests
from mollie.api.client import Client

from tests.mollie.conftest import Shop, Simulator, choose, order, wait_until

pytestmark = pytest.mark.requirement("W-06")


@pytest.mark.parametrize("status", ["paid", "failed", "expired"])
def test_a_choice_leads_back_to_the_shop(mollie: Client, status: str) -> None:
    payment = mollie.payments.create(order())
    back = choose(payment, status)
    assert (back.status_code, back.headers["Location"]) == (303, "http://localhost:8080/order/1042")
    assert mollie.payments.get(payment.id).status == status


def test_who_cancels_may_be_sent_elsewhere(mollie: Client) -> None:
    payment = mollie.payments.create(order(cancelUrl="http://localhost:8080/basket"))
    assert choose(payment, "canceled").headers["Location"] == "http://localhost:8080/basket"


def test_the_second_click_changes_nothing(mollie: Client, shop: Shop) -> None:
    payment = mollie.payments.create(order(webhookUrl=shop.url))
    choose(payment, "paid")
    late = choose(payment, "canceled")
    assert late.headers["Location"] == "http://localhost:8080/order/1042"
    assert mollie.payments.get(payment.id).is_paid()
    wait_until(lambda: shop.heard)
    assert shop.ids() == [payment.id]


def test_a_choice_that_is_none_is_refused(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    assert choose(payment, "stolen").status_code == 400
    assert mollie.payments.get(payment.id).is_open()


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("nl_BE", ["Testmodus", "Betaald", "€\xa024,50", 'lang="nl"']),
        ("fr_FR", ["Mode test", "Payé", "24,50\xa0€", 'lang="fr"']),
        ("en_GB", ["Test mode", "Paid", "€24.50", 'lang="en"']),
    ],
)
def test_the_page_speaks_the_customers_language(mollie: Client, locale: str, words: list[str]) -> None:
    payment = mollie.payments.create(order(locale=locale))
    page = requests.get(payment.checkout_url, timeout=5).text
    assert [word for word in words if word not in page] == []


def test_the_page_needs_no_script_and_no_other_host(mollie: Client, simulator: Simulator) -> None:
    payment = mollie.payments.create(order(description="<script>alert(1)</script>"))
    page = requests.get(payment.checkout_url, timeout=5)
    assert "<script" not in page.text
    assert "http" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_settled_payment_says_so(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    choose(payment, "paid")
    page = requests.get(payment.checkout_url, timeout=5).text
    assert "This payment is paid." in page
    assert 'name="status"' not in page


def test_an_unknown_payment_has_a_page_of_its_own(simulator: Simulator) -> None:
    page = requests.get(f"{simulator.url}/checkout/select-method/nothing123", timeout=5)
    assert page.status_code == 404
    assert "There is no such payment" in page.text
