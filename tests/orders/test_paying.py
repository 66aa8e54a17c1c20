"""How to pay: the provider's own list, a key that fits the place, and what a webhook can and cannot do."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import pytest

from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor
from services.orders.app import compose
from services.orders.domain.provider_key import mode_for
from services.orders.providers.mollie import Mollie
from services.orders.providers.port import Method, ProviderAway
from services.orders.settings import OrdersSettings
from tests.mollie.conftest import KEY, Simulator
from tests.orders.stage import Evening, Stage, visitor
from tests.orders.test_buying import books, bought, placed, press
from tests.orders.test_holding import timer

pytestmark = pytest.mark.requirement("G-12")


async def test_the_methods_are_those_of_the_provider_and_one_can_be_chosen(
    stage: Stage, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    means = (await stage.ask(noor, "GET", "/payment-methods")).body
    assert means["test"] is True
    assert {"id": "bancontact", "name": "Bancontact"} in means["methods"]
    assert "banktransfer" not in {one["id"] for one in means["methods"]}
    kept = await stage.hold(noor, evening, "A1")
    order = await stage.order(noor, kept.body["id"], method="bancontact")
    provider_id = (await stage.payment_of(order.body["id"]))["provider_id"]
    known = await asyncio.to_thread(lambda: mollie.client().payments.get(provider_id))
    assert known.method == "bancontact"
    (row,) = await stage.look("SELECT request FROM payment")
    assert row["request"] is None


async def test_what_the_provider_is_asked_says_how_long_it_is() -> None:
    heard: list[Message] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.headers)
            self.send_error(503)

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        provider = Mollie(f"http://127.0.0.1:{server.server_port}", KEY, 1, 1, at_once=1)
        with pytest.raises(ProviderAway):
            await provider.create({"description": "é"}, uuid4())
        await provider.close()
        server.shutdown()
    assert (heard[0]["Content-Length"], heard[0]["Transfer-Encoding"]) == ("25", None)


async def test_a_provider_that_is_away_does_not_keep_anybody_from_buying(
    stage: Stage, evening: Evening, noor: Actor, clock: SetClock, mollie: Simulator
) -> None:
    await asyncio.to_thread(mollie.faults, unavailable=1)
    assert (await stage.ask(noor, "GET", "/payment-methods")).body["methods"] == []
    order = await bought(stage, evening, noor, "A1")
    assert order["state"] == "paid"
    clock.move(timedelta(minutes=6))
    assert (await stage.ask(noor, "GET", "/payment-methods")).body["methods"] != []
    clock.move(timedelta(minutes=6))
    await asyncio.to_thread(mollie.faults, unavailable=1)
    assert (await stage.ask(noor, "GET", "/payment-methods")).body["methods"] != [], "those of before"


@pytest.mark.requirement("W-34")
async def test_what_the_provider_could_not_carry_out_without_knowing_who_buys_is_not_offered(
    stage: Stage, noor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def listed(*_: object) -> list[Method]:
        return [Method("klarna", "Klarna"), Method("in3", "in3"), Method("paypal", "PayPal")]

    monkeypatch.setattr(Mollie, "methods", listed)
    means = (await stage.ask(noor, "GET", "/payment-methods")).body
    assert [one["id"] for one in means["methods"]] == ["paypal"]


@pytest.mark.requirement("W-06")
async def test_what_takes_days_is_not_taken_for_places_that_are_kept_for_an_hour(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    hold = (await stage.hold(noor, evening, "A1")).body["id"]
    slow = await stage.order(noor, hold, method="banktransfer")
    assert (slow.status, slow.slug) == (422, "payment-takes-days")
    assert await stage.look("SELECT FROM payment") == []
    assert (await stage.order(noor, hold, method="ideal")).status == 201


async def test_a_method_that_the_provider_does_not_take_loses_no_places(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    kept = await stage.hold(noor, evening, "A1")
    order = (await stage.order(noor, kept.body["id"], method="seashells")).body
    assert (order["state"], order["payment"]) == ("placed", "failed")
    again = await stage.ask(noor, "POST", f"/orders/{order['id']}/payment", key=uuid4().hex)
    assert again.body["checkout_url"] is not None


def test_a_key_fits_the_place_where_it_is_used() -> None:
    assert mode_for("live_abc", production=True) == "live"
    assert mode_for("test_abc", production=False) == "test"


@pytest.mark.parametrize(
    ("key", "production", "says"),
    [
        ("test_abc", True, "is a test key"),
        ("live_abc", False, "is a live key"),
        ("abc", True, "is no API key"),
        ("", False, "is no API key"),
    ],
)
def test_a_key_that_is_out_of_place_is_refused_at_the_start(key: str, production: bool, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        mode_for(key, production=production)


async def test_orders_does_not_start_in_production_with_a_test_key(
    settings: OrdersSettings, clock: SetClock
) -> None:
    with pytest.raises(ValueError, match="is a test key"):
        compose(settings.model_copy(update={"environment": "production"}), clock)


async def test_forged_webhooks_change_nothing_and_their_words_are_not_logged(
    stage: Stage, evening: Evening, noor: Actor, capfd: pytest.CaptureFixture[str]
) -> None:
    order, other = await placed(stage, evening, noor, "A1"), await placed(stage, evening, visitor(), "A2")
    await asyncio.to_thread(press, other["checkout_url"], "paid")
    tables = "SELECT state, provider_id FROM payment ORDER BY provider_id"
    before = await stage.look(tables)
    unpaid = (await stage.payment_of(order["id"]))["provider_id"]
    capfd.readouterr()
    answers = [await stage.mollie_calls(one) for one in (unpaid, "tr_forgedforge", "tr_" + "x" * 61)]
    assert [one.status for one in answers] == [200, 200, 200]
    for garbage in ("", "garbage", "tr_a'; DROP TABLE payment", "ord_12345", "x" * 5000):
        assert 400 <= (await stage.mollie_calls(garbage)).status < 500
    body = {"id": unpaid, "status": "paid", "amount": {"value": "0.01"}}
    assert 400 <= (await stage.ask(None, "POST", "/webhooks/mollie", body)).status < 500
    assert await stage.look(tables) == before
    logged = "".join(line for line in "".join(capfd.readouterr()).splitlines() if '"service"' in line)
    assert logged
    assert not any(word in logged for word in ("forgedforge", "DROP TABLE", "ord_12345", unpaid))


async def test_a_flood_of_forged_webhooks_asks_the_provider_hardly_more_than_one(
    stage: Stage, evening: Evening, noor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    async def silent(*_: object) -> None:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.1)
        raise ProviderAway

    monkeypatch.setattr(Mollie, "create", silent)
    await placed(stage, evening, noor, "A1")
    asked = 0
    await asyncio.gather(*(stage.mollie_calls(f"tr_forged{number}") for number in range(40)))
    assert asked <= 4, "two rounds of two tries: who came meanwhile waits for the second one"


async def test_webhooks_late_doubled_and_out_of_order_pay_once(
    stage: Stage, service: Service, evening: Evening, noor: Actor
) -> None:
    order = await placed(stage, evening, noor, "A1")
    first = (await stage.payment_of(order["id"]))["provider_id"]
    await asyncio.to_thread(press, order["checkout_url"], "failed")
    await stage.mollie_calls(first)
    again = await stage.ask(noor, "POST", f"/orders/{order['id']}/payment", key=uuid4().hex)
    second = (await stage.payment_of(order["id"]))["provider_id"]
    await asyncio.to_thread(press, again.body["checkout_url"], "paid")
    await asyncio.gather(*(stage.mollie_calls(one) for one in (second, first, second, first, second)))
    await timer(service, "reconcile_payments")
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["state"] == "paid"
    assert len(await stage.look("SELECT FROM ticket")) == 1
    assert len(await stage.announced("orders.tickets.issued.v1")) == 1


async def test_a_payment_that_the_provider_does_not_know_keeps_no_other_waiting(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    """As after a change of the account at the provider: looked at again after hours, not each half minute."""
    order = await placed(stage, evening, noor, "A1")
    await stage.look(
        "UPDATE payment SET provider_id = 'tr_ofanotheraccount' WHERE order_id = $1", order["id"]
    )
    clock.move(timedelta(seconds=31))
    await timer(service, "reconcile_payments")
    seen = await stage.look("SELECT look_at FROM payment WHERE order_id = $1", order["id"])
    assert seen[0]["look_at"] > clock.now() + timedelta(hours=5)


@pytest.mark.requirement("F-07")
async def test_what_costs_nothing_is_paid_without_a_provider(
    stage: Stage, service: Service, evening: Evening, noor: Actor, mollie: Simulator
) -> None:
    """By a code that takes off everything, and by a price of nothing: no way to pay is asked for or kept."""
    await stage.look(
        """INSERT INTO voucher (voucher_id, code, kind, value, valid_from)
           VALUES ($1, 'GENEROUS', 'percent', 100, '2026-01-01T00:00Z')""",
        uuid4(),
    )
    await asyncio.to_thread(mollie.faults, unavailable=9)
    kept = await stage.ask(noor, "POST", "/holds", evening.wish("A1", "A2") | {"code": "generous"})
    assert (kept.status, kept.body["total_cents"], kept.body["discount_cents"]) == (201, 0, 4900)
    order = (await stage.order(noor, kept.body["id"], method="ideal")).body
    await stage.look("UPDATE price SET cents = 0")
    gift = await stage.hold(visitor(), evening, standing=1)
    assert gift.body["total_cents"] == 0
    assert (order["state"], order["payment"], order["checkout_url"]) == ("paid", "paid", None)
    assert [ticket["seat"] for ticket in order["tickets"]] == ["A1", "A2"]
    payment = await stage.payment_of(order["id"])
    assert (payment["provider"], payment["provider_id"], payment["request"]) == ("free", None, None)
    assert (await books(stage))["balanced"]
    assert len(await stage.announced("orders.tickets.issued.v1")) == 1
