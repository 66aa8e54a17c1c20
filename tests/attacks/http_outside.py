"""Whoever stands outside: payments nobody made, tickets nobody sold, messages nobody signed."""

from __future__ import annotations

import asyncio
import base64
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web
from standardwebhooks import Webhook

from chassis.clock import SystemClock
from chassis.web import run
from contracts.actors import Role
from deploy.local.environment import receiver_secret
from examples.organiser.cabinet import Cabinet
from examples.organiser.web import Receiver
from services.orders.domain.ticket_code import KEY_ID, Signer, write_code
from services.orders.store.tickets import ADMIT
from services.sharing.webhooks import HttpRecipients
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_input import standing_hold
from tests.attacks.http_tokens import OWN_KEY
from tests.attacks.http_wall import Careless, ask, http_attack, staff, swapped, visitor

OWN_SECRET = "whsec_" + "YXR0YWNrZXJzIG93biBzZWNyZXQgd29yZA=="


async def _unpaid(ground: Ground) -> str:
    """Order, pay nothing, and say in Mollie's name that it was paid."""
    token, orders = visitor(ground, "orders"), ground.doors["orders"]
    hold = (await ask("POST", orders + "/holds", token, standing_hold(ground))).granted()
    checkout = {
        "hold": hold["id"],
        "name": "Maud Gratis",
        "email": "maud.gratis@example.org",
        "locale": "nl",
        "return_url": ground.endpoints["services"]["gateway"] + "/back",
    }
    key = {"Idempotency-Key": uuid4().hex}
    order = (await ask("POST", orders + "/orders", token, checkout, key)).granted()
    async with ground.superuser("orders") as connection:
        payment = await connection.fetchval(
            "SELECT provider_id FROM payment WHERE order_id = $1", UUID(order["id"])
        )
    (await ask("POST", orders + "/webhooks/mollie", form={"id": payment})).granted()
    seen = (await ask("GET", f"{orders}/orders/{order['id']}", token)).granted()
    if seen["state"] != "paid":
        raise Held(f"the order is still {seen['state']}: orders asked Mollie itself")
    return f"{len(seen['tickets'])} ticket that nobody paid for"


async def _believing(cashier: Any, payment: Any, provider_id: str) -> None:
    await cashier._settle(payment, "paid", payment.cents)


async def _sold(ground: Ground) -> dict[str, Any]:
    clerk = staff(ground, Role.BOX_OFFICE, "orders")
    key = {"Idempotency-Key": uuid4().hex}
    url = ground.doors["orders"] + "/counter/sales"
    sale: dict[str, Any] = (await ask("POST", url, clerk, ground.facts["sale"], key)).granted()
    return sale


async def _at_the_door(ground: Ground, event: str, code: str) -> Any:
    body = {"event": event, "code": code}
    url = ground.doors["orders"] + "/door/admissions"
    answer = (await ask("POST", url, staff(ground, Role.STEWARD, "orders"), body)).granted()
    if not answer["admitted"]:
        raise Held(f"the door says {answer['reason']}")
    return answer


async def _forged_ticket(ground: Ground) -> str:
    sale = await _sold(ground)
    event, ticket = UUID(sale["event"]["id"]), UUID(sale["tickets"][0]["id"])
    genuine = base64.urlsafe_b64decode(sale["tickets"][0]["code"] + "==")
    code = write_code(event, ticket, Signer(genuine[1 : 1 + KEY_ID], OWN_KEY.sign))
    await _at_the_door(ground, str(event), code)
    return "in, with a code made at home"


async def _other_evening(ground: Ground) -> str:
    sale = await _sold(ground)
    events = (await ask("GET", ground.doors["orders"] + "/events", visitor(ground, "orders"))).granted()
    other = next(one["id"] for one in events["events"] if one["id"] != sale["event"]["id"])
    await _at_the_door(ground, other, sale["tickets"][0]["code"])
    return "in, at an evening that was not paid for"


AGAIN = ADMIT.replace("AND state = 'issued'", "")


async def _twice(ground: Ground) -> str:
    sale = await _sold(ground)
    event, code = sale["event"]["id"], sale["tickets"][0]["code"]
    await _at_the_door(ground, event, code)
    await _at_the_door(ground, event, code)
    return "a second person in, with a copy of a ticket"


def _message() -> str:
    at = SystemClock().now().isoformat()
    return (
        f'{{"type":"attendee.objected","timestamp":"{at}","data":{{"attendee":"{uuid4()}","purposes":[]}}}}'
    )


async def _post(ground: Ground, secret: str, at: datetime) -> str:
    body, id = _message(), str(uuid4())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, at, body),
    }
    url = ground.facts.get("receiver", ground.endpoints["receiver"]) + "/webhooks"
    (await ask("POST", url, body=body.encode(), headers=headers)).granted()
    return "a message that the co-presenter took for the house's"


async def _signed_by_another(ground: Ground) -> str:
    return await _post(ground, OWN_SECRET, SystemClock().now())


async def _played_again(ground: Ground) -> str:
    """Signed by the house itself, an hour ago."""
    secret = receiver_secret(ground.instance).read_text().strip()
    return await _post(ground, secret, SystemClock().now() - timedelta(hours=1))


@asynccontextmanager
async def _receiver(ground: Ground, secrets: str) -> AsyncIterator[Ground]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "secrets"
        file.write_text(secrets)
        app = Receiver(Cabinet(Path(folder) / "held"), file, "Anybody", SystemClock().now).app()
        running = await run(app, "127.0.0.1", 0, 1.0)
        try:
            url = f"http://127.0.0.1:{running.port}"
            yield replace(ground, facts={**ground.facts, "receiver": url})
        finally:
            await running.close()


@asynccontextmanager
async def _receiver_of_any_time(ground: Ground) -> AsyncIterator[Ground]:
    """A receiver that looks at the signature and not at its age."""

    def verifies(secret: str, body: bytes, headers: dict[str, str]) -> bool:
        told = {name.lower(): value for name, value in headers.items()}
        at = datetime.fromtimestamp(int(told["webhook-timestamp"]), tz=SystemClock().now().tzinfo)
        return Webhook(secret).sign(told["webhook-id"], at, body.decode()) == told["webhook-signature"]

    with swapped([("examples.organiser.web", "verifies", verifies)]):
        async with _receiver(ground, receiver_secret(ground.instance).read_text()) as open_ground:
            yield open_ground


class Following:
    """A connection that follows redirects, whatever it is asked."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def post(self, url: str, **more: Any) -> Any:
        """POST, and POST again wherever it is sent."""
        return self._session.post(url, **{**more, "allow_redirects": True})

    async def close(self) -> None:
        """Let the connections go."""
        await self._session.close()


async def _sent_on(ground: Ground) -> str:
    """An agreed address that answers with a redirect to another one."""
    taken: list[bytes] = []

    async def agreed(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async def elsewhere(request: web.Request) -> web.Response:
        taken.append(await request.read())
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.post("/agreed", agreed), web.post("/elsewhere", elsewhere)])
    running = await run(app, "127.0.0.1", 0, 1.0)
    try:
        await _deliver(ground, f"http://127.0.0.1:{running.port}/agreed", plain_http=True)
    finally:
        await running.close()
    if not taken:
        raise Held("a redirect is no answer: nothing was sent on")
    return "the name of an attendee at an address that was not agreed"


async def _in_the_clear(ground: Ground) -> str:
    """An agreed address without TLS, in production."""
    taken: list[bytes] = []

    async def plain(request: web.Request) -> web.Response:
        taken.append(await request.read())
        return web.Response(status=204)

    app = web.Application()
    app.add_routes([web.post("/", plain)])
    running = await run(app, "127.0.0.1", 0, 1.0)
    try:
        plain_http = ground.facts.get("plain http", False)
        await _deliver(ground, f"http://127.0.0.1:{running.port}/", plain_http=plain_http)
    finally:
        await running.close()
    if not taken:
        raise Held("nothing was sent to an address without TLS")
    return "the name of an attendee on the open wire"


async def _deliver(ground: Ground, url: str, *, plain_http: bool) -> None:
    recipients = HttpRecipients(5.0, plain_http=plain_http)
    await recipients.open()
    if ground.facts.get("follows"):
        recipients._session = Following(recipients._session)  # type: ignore[assignment]  # It posts, as a session does.
    try:
        body = {"type": "attendee.registered", "data": {"name": ground.someone.name}}
        await recipients.post(url, [OWN_SECRET], uuid4(), body, SystemClock().now())
        await asyncio.sleep(0)
    finally:
        await recipients.close()


def _with(**facts: Any) -> Any:
    @asynccontextmanager
    async def off(ground: Ground) -> AsyncIterator[Ground]:
        yield replace(
            ground, facts={**ground.facts, **{name.replace("_", " "): it for name, it in facts.items()}}
        )

    return off


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_money_and_tickets(), *_messages())


def _money_and_tickets() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "a payment that nobody made",
            "tickets for nothing, by calling in Mollie's name",
            "what a webhook says is looked up and never believed (W-06)",
            _unpaid,
            Careless("orders", (("services.orders.handlers.take_payment:Cashier", "_look", _believing),)),
        ),
        http_attack(
            "a ticket code made at home",
            "to get in without a ticket",
            "a ticket's code is signed by this house",
            _forged_ticket,
            Careless("orders", (("services.orders.app", "verifier_of", lambda *_: lambda *_: True),)),
        ),
        http_attack(
            "a ticket of another evening",
            "the expensive evening for the price of the cheap one",
            "a ticket opens the door of its own evening",
            _other_evening,
            Careless("orders", (("services.orders.handlers.admit", "before_looking", lambda *_: None),)),
        ),
        http_attack(
            "a second admission",
            "two people in on one ticket",
            "a ticket goes in once",
            _twice,
            Careless("orders", (("services.orders.store.tickets", "ADMIT", AGAIN),)),
        ),
    )


def _messages() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "a message with a wrong signature",
            "a co-presenter to do as if the house had said so",
            "a co-presenter takes what the house has signed",
            _signed_by_another,
            lambda ground: _receiver(ground, OWN_SECRET),
        ),
        http_attack(
            "a message played again",
            "an old message to count once more",
            "a signed message counts for five minutes",
            _played_again,
            _receiver_of_any_time,
        ),
        http_attack(
            "a redirect to elsewhere",
            "attendees at an address that nobody agreed to",
            "a message goes to the agreed address only",
            _sent_on,
            _with(follows=True),
        ),
        http_attack(
            "a message in the clear",
            "attendees, by listening on the wire",
            "in production no message leaves without TLS (G-71)",
            _in_the_clear,
            _with(plain_http=True),
        ),
    )
