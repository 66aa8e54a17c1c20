"""The same Idempotency-Key makes one payment, however often a client asks."""

import pytest
import requests
from mollie.api.client import Client
from mollie.api.error import BadRequestError, RequestError, UnprocessableEntityError

from deploy.local.mollie.app import compose
from deploy.local.mollie.settings import Settings
from tests.mollie.conftest import KEY, Simulator, choose, order

pytestmark = pytest.mark.requirement("W-06")


def count(mollie: Client) -> int:
    """How many payments there are, up to a page's most."""
    return int(mollie.payments.list(limit=250).count)


def test_the_same_key_and_body_make_one_payment(mollie: Client) -> None:
    before = count(mollie)
    first = mollie.payments.create(order(), idempotency_key="order-1")
    again = mollie.payments.create(order(), idempotency_key="order-1")
    assert again == first
    assert count(mollie) == before + 1


def test_a_repeated_answer_says_that_it_is_one(simulator: Simulator) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "order-2"}
    answers = [
        requests.post(f"{simulator.url}/v2/payments", json=order(), headers=headers, timeout=5)
        for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert [a.headers.get("Idempotent-Replayed") for a in answers] == [None, "true"]


def test_the_same_key_with_another_body_is_refused(mollie: Client) -> None:
    mollie.payments.create(order(), idempotency_key="order-3")
    with pytest.raises(BadRequestError, match="idempotency key"):
        mollie.payments.create(order("25.00"), idempotency_key="order-3")


def test_the_same_key_at_another_address_is_refused(mollie: Client) -> None:
    payment = mollie.payments.create(order(), idempotency_key="order-4")
    choose(payment, "paid")
    with pytest.raises(BadRequestError):
        payment.refunds.create({"amount": payment.amount}, idempotency_key="order-4")


def test_a_refusal_is_repeated_too(mollie: Client) -> None:
    for _ in range(2):
        with pytest.raises(UnprocessableEntityError):
            mollie.payments.create(order("0.00"), idempotency_key="order-5")


def test_an_answer_that_never_came_is_found_again_with_the_key(simulator: Simulator, mollie: Client) -> None:
    before = count(mollie)
    simulator.faults(timeout_after_create=1)
    impatient = simulator.client(timeout=1)
    with pytest.raises(RequestError):
        impatient.payments.create(order(), idempotency_key="order-6")
    assert count(mollie) == before + 1
    found = impatient.payments.create(order(), idempotency_key="order-6")
    assert found.is_open()
    assert count(mollie) == before + 1


async def test_a_key_is_forgotten_after_an_hour(tmp_path, aiohttp_client_of) -> None:
    at = [1_800_000_000.0]
    client = await aiohttp_client_of(compose(Settings(tmp_path / "s.sqlite"), lambda: at[0]))
    headers = {"Authorization": f"Bearer {KEY}", "Idempotency-Key": "order-7"}
    ids = []
    for passed in (0, 3599, 3601):
        at[0] = 1_800_000_000.0 + passed
        answer = await client.post("/v2/payments", json=order(), headers=headers)
        ids.append((await answer.json())["id"])
    assert ids[0] == ids[1] != ids[2]
