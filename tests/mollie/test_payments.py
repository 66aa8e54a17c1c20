"""Payments, lists and methods, through the official client."""

import re
from datetime import datetime, timedelta

import pytest
import requests
from mollie.api.client import Client
from mollie.api.error import (
    BadRequestError,
    NotFoundError,
    RequestError,
    UnauthorizedError,
    UnprocessableEntityError,
)

from tests.mollie.conftest import Simulator, choose, order, wait_until

pytestmark = pytest.mark.requirement("W-06")


def test_a_new_payment_is_open_and_says_what_it_is(mollie: Client, simulator: Simulator) -> None:
    payment = mollie.payments.create(order(metadata={"order": "1042"}, locale="nl_BE"))
    assert re.fullmatch(r"tr_\w{10}", payment.id)
    assert payment.is_open()
    assert not payment.is_paid()
    assert payment["mode"] == "test"
    assert payment.amount == {"currency": "EUR", "value": "24.50"}
    assert payment.metadata == {"order": "1042"}
    assert payment.locale == "nl_BE"
    assert payment.method is None
    assert payment.profile_id.startswith("pfl_")
    assert payment.is_cancelable is True
    assert payment.checkout_url.startswith(simulator.url)
    assert payment["_links"]["self"]["href"] == f"{simulator.url}/v2/payments/{payment.id}"


def test_a_payment_lives_a_quarter_of_an_hour(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    life = datetime.fromisoformat(payment.expires_at) - datetime.fromisoformat(payment.created_at)
    assert life == timedelta(minutes=15)


def test_a_payment_can_be_fetched_again(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    assert mollie.payments.get(payment.id) == payment


def test_links_start_with_the_address_that_the_client_uses(simulator: Simulator) -> None:
    client = simulator.client()
    client.set_api_endpoint(simulator.url.replace("127.0.0.1", "localhost"))
    payment = client.payments.create(order())
    assert payment.checkout_url.startswith(client.api_endpoint)


def test_live_and_test_payments_do_not_see_each_other(mollie: Client, simulator: Simulator) -> None:
    live = simulator.client("live_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM")
    payment = live.payments.create(order())
    assert payment["mode"] == "live"
    with pytest.raises(NotFoundError, match="No payment exists with token"):
        mollie.payments.get(payment.id)


@pytest.mark.parametrize("authorization", [None, "Bearer access_abc", "Basic test_abc", "Bearer test_"])
def test_without_a_key_nothing_is_answered(simulator: Simulator, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    refused = requests.get(f"{simulator.url}/v2/payments", headers=headers, timeout=5)
    assert refused.status_code == 401
    assert refused.headers["Content-Type"].startswith("application/hal+json")
    assert refused.json()["title"] == "Unauthorized Request"
    assert refused.json()["_links"]["documentation"]["type"] == "text/html"


def test_an_unknown_payment_is_not_found(mollie: Client) -> None:
    with pytest.raises(NotFoundError):
        mollie.payments.get("tr_doesnotexist")


@pytest.mark.parametrize(
    ("value", "currency", "field"),
    [
        ("24.5", "EUR", "amount.value"),
        ("24", "EUR", "amount.value"),
        ("1,000.00", "EUR", "amount.value"),
        ("-1.00", "EUR", "amount.value"),
        (24.50, "EUR", "amount.value"),
        ("24.50", "JPY", "amount.value"),
        ("24.50", "XXX", "amount.currency"),
        ("0.00", "EUR", "amount"),
        ("50000.01", "EUR", "amount"),
    ],
)
def test_a_wrong_amount_is_refused(mollie: Client, value: object, currency: str, field: str) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        mollie.payments.create(order() | {"amount": {"currency": currency, "value": value}})
    assert refused.value.field == field


def test_yen_have_no_decimals(mollie: Client) -> None:
    payment = mollie.payments.create(order() | {"amount": {"currency": "JPY", "value": "2450"}})
    assert payment.amount == {"currency": "JPY", "value": "2450"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", None),
        ("description", None),
        ("redirectUrl", None),
        ("redirectUrl", "order/1042"),
        ("webhookUrl", "ftp://localhost/hook"),
        ("locale", "Dutch"),
        ("method", "cowries"),
        ("metadata", {"long": "x" * 1100}),
    ],
)
def test_a_wrong_field_is_named(mollie: Client, field: str, value: object) -> None:
    with pytest.raises(UnprocessableEntityError) as refused:
        mollie.payments.create(order() | {field: value})
    assert refused.value.field == field


def test_broken_json_is_a_bad_request(simulator: Simulator, mollie: Client) -> None:
    headers = {"Authorization": f"Bearer {mollie.api_key}"}
    refused = requests.post(f"{simulator.url}/v2/payments", data=b'{"amount":', headers=headers, timeout=5)
    assert (refused.status_code, refused.json()["status"]) == (400, 400)


def test_unknown_addresses_and_huge_bodies_get_error_documents_too(
    simulator: Simulator, mollie: Client
) -> None:
    headers = {"Authorization": f"Bearer {mollie.api_key}"}
    assert requests.get(f"{simulator.url}/v2/nothing", headers=headers, timeout=5).json()["status"] == 404
    huge = requests.post(f"{simulator.url}/v2/payments", data=b"x" * 300_000, headers=headers, timeout=5)
    assert huge.json()["status"] == 413


def test_what_a_buyer_typed_is_not_kept(mollie: Client, simulator: Simulator) -> None:
    address = {"streetAndNumber": "Zeedijk 12", "city": "Oostende", "country": "BE"}
    payment = mollie.payments.create(order(billingAddress=address, billingEmail="mira@example.org"))
    assert "billingEmail" not in payment
    simulator_files = [p.read_bytes() for p in simulator.state.parent.iterdir()]
    assert not any(b"mira@example.org" in held or b"Zeedijk" in held for held in simulator_files)


def test_payments_are_listed_newest_first_page_by_page(simulator: Simulator) -> None:
    live = simulator.client("live_pages")
    made = [live.payments.create(order(description=f"Order {n}")).id for n in range(5)]
    first = live.payments.list(limit=2)
    assert [p.id for p in first] == made[:-3:-1]
    assert first.count == 2
    assert not first.has_previous()
    second = first.get_next()
    assert [p.id for p in second] == [made[2], made[1]]
    third = second.get_next()
    assert third["_embedded"]["payments"][0]["id"] == made[0]
    assert [p.id for p in second.get_previous()] == [made[4], made[3]]
    assert [p.id for p in live.payments.list(**{"from": made[1], "limit": 2})] == [made[1], made[0]]


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "251"}, {"limit": "ten"}, {"from": "tr_nowhere"}]
)
def test_a_wrong_page_is_refused(mollie: Client, query: dict[str, str]) -> None:
    with pytest.raises(BadRequestError):
        mollie.payments.list(**query)


def test_an_open_payment_can_be_changed(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    changed = mollie.payments.update(payment.id, {"description": "Order 1043", "metadata": {"order": "1043"}})
    assert (changed.description, changed.metadata) == ("Order 1043", {"order": "1043"})
    assert changed.amount == payment.amount


def test_an_open_payment_can_be_canceled_once(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    canceled = mollie.payments.delete(payment.id)
    assert canceled.is_canceled()
    assert canceled.canceled_at is not None
    assert canceled.is_cancelable is None
    with pytest.raises(UnprocessableEntityError):
        mollie.payments.delete(payment.id)


def test_a_payment_at_a_bank_cannot_be_canceled(mollie: Client) -> None:
    payment = mollie.payments.create(order(method="bancontact"))
    assert payment.is_cancelable is False
    with pytest.raises(UnprocessableEntityError, match="cannot be canceled"):
        mollie.payments.delete(payment.id)


def test_a_payment_expires_by_itself(mollie: Client) -> None:
    payment = mollie.payments.create(order(metadata={"simulator_expires_seconds": 0.2}))
    expired = wait_until(lambda: (p := mollie.payments.get(payment.id)).is_expired() and p)
    assert expired.expired_at is not None
    assert expired.expires_at is None
    assert expired.checkout_url is None


def test_a_paid_payment_says_what_can_be_refunded(mollie: Client) -> None:
    payment = mollie.payments.create(order())
    choose(payment, "paid", method="ideal")
    paid = mollie.payments.get(payment.id)
    assert paid.is_paid()
    assert paid.method == "ideal"
    assert paid.amount_remaining == {"currency": "EUR", "value": "24.50"}
    assert paid.amount_refunded == {"currency": "EUR", "value": "0.00"}
    assert paid.checkout_url is None


def test_methods_are_listed_with_pictures_of_our_own(mollie: Client, simulator: Simulator) -> None:
    methods = mollie.methods.list()
    assert "bancontact" in [method.id for method in methods]
    ideal = mollie.methods.get("ideal")
    assert ideal.minimum_amount == {"currency": "EUR", "value": "0.01"}
    assert ideal.image_svg.startswith(simulator.url)
    assert requests.get(ideal.image_svg, timeout=5).headers["Content-Type"].startswith("image/svg+xml")
    with pytest.raises(NotFoundError):
        mollie.methods.get("cowries")


def test_only_the_keys_of_the_house_are_accepted_where_they_are_named(tmp_path, simulator: Simulator) -> None:
    from tests.mollie.conftest import running

    with running(tmp_path / "s.sqlite", MOLLIE_SIM_KEYS="test_ours") as strict:
        assert strict.client("test_ours").payments.list().count == 0
        with pytest.raises(UnauthorizedError):
            strict.client("test_theirs").payments.list()


def test_an_unavailable_provider_says_503(mollie: Client, simulator: Simulator) -> None:
    simulator.faults(unavailable=1)
    with pytest.raises(Exception, match="temporarily unavailable") as refused:
        mollie.payments.list()
    assert not isinstance(refused.value, RequestError)
    assert mollie.payments.list() is not None
