"""What the crowd of an on-sale does: hold, buy, look at the page, go in at the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from tests.bench.load import GOOD, Client
from tests.bench.wire import Reply

JSON = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Language": "nl"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
LOOK_AGAIN = 0.1
WAITING = 429
TAKEN = 409


@dataclass(frozen=True)
class Show:
    """An event on sale and where it is sold: the body of a hold, and for the door its tickets' codes.

    `tokens` are of visitors who come to orders itself, `steward` are the cookies of who works at the door,
    `wishes` are bodies of holds with their kinds.
    """

    gateway: str
    orders: str
    event: str
    slug: str
    wish: bytes
    tokens: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    steward: Mapping[str, str] | None = None
    wishes: tuple[tuple[str, bytes], ...] = ()

    @property
    def api(self) -> str:
        """Where the gateway's API is."""
        return f"{self.gateway}/api/v1"


async def hold_at_orders(client: Client, show: Show) -> None:
    """Keep two places, at the orders service itself."""
    headers = _bearer(client, show)
    await client.ask("hold", "POST", f"{show.orders}/holds", body=show.wish, headers=headers)


async def hold_in_turn(client: Client, show: Show) -> None:
    """Keep the places of the next wish of the list, each of which is for other places, at orders itself."""
    kind, body = show.wishes[client.nth]
    await client.ask(kind, "POST", f"{show.orders}/holds", body=body, headers=_bearer(client, show))


async def attempt_at_orders(client: Client, show: Show) -> None:
    """Try to place an order at the orders service itself; who comes too late is told so."""
    headers, good = _bearer(client, show), GOOD | {TAKEN}
    held = await client.ask(
        "hold", "POST", f"{show.orders}/holds", body=show.wish, headers=headers, good=good
    )
    if held.status != TAKEN:
        hold = held.json()["id"]
        typed = _typed(hold) | {"return_url": f"{show.gateway}/back/{hold}"}
        keyed = {**headers, "Idempotency-Key": uuid4().hex}
        body = json.dumps(typed).encode()
        await client.ask("place", "POST", f"{show.orders}/orders", body=body, headers=keyed)


async def hold_at_gateway(client: Client, show: Show) -> None:
    """Keep two places, through the waiting room, in the session of the first click."""
    await _held(client, show, GOOD)


async def buy(client: Client, show: Show) -> None:
    """From the first click to the tickets, as a guest without a cookie."""
    client.cookies = {}
    order = await _ordered(client, show, (await _held(client, show, GOOD)).json()["id"])
    paid = urlencode({"status": "paid"}).encode()
    await client.ask("pay", "POST", order["checkout_url"], body=paid, headers=FORM)
    while True:
        seen = await client.ask("look", "GET", f"{show.api}/orders/{order['id']}", headers=JSON)
        if seen.json()["tickets"]:
            return
        await asyncio.sleep(LOOK_AGAIN)


async def attempt(client: Client, show: Show) -> None:
    """Try to place an order, of which the quota allows few; who comes too late is told so."""
    client.cookies = {}
    held = await _held(client, show, GOOD | {TAKEN})
    if held.status != TAKEN:
        await _ordered(client, show, held.json()["id"])


async def look(client: Client, show: Show) -> None:
    """The page of the event."""
    page = await client.ask("page", "GET", f"{show.gateway}/e/{show.slug}", headers={"Accept": "text/html"})
    if show.slug.encode() not in page.body:
        raise client.fail("page", "another page")


async def go_in(client: Client, show: Show) -> None:
    """A ticket that nobody scanned before."""
    assert show.steward is not None
    client.cookies = dict(show.steward)
    place = client.memory["scanned"] = client.memory.get("scanned", -1) + 1
    code = show.codes[(client.number % DOORS + place * DOORS) % len(show.codes)]
    body = json.dumps({"event": show.event, "code": code}).encode()
    headers = {**JSON, "Access-Reason": "door-check", "X-Reason": "door-check"}
    answer = await client.ask("scan", "POST", f"{show.api}/door/admissions", body=body, headers=headers)
    if answer.json()["reason"] != "welcome":
        raise client.fail("scan", answer.json()["reason"])


DOORS = 16
"""Scanners at the doors."""


async def _held(client: Client, show: Show, good: frozenset[int]) -> Reply:
    """A hold; whoever is asked to wait waits, as a person would."""
    while True:
        url = f"{show.api}/holds"
        reply = await client.ask("hold", "POST", url, body=show.wish, headers=JSON, good=good | {WAITING})
        if reply.status != WAITING:
            return reply
        await asyncio.sleep(min(float(reply.headers.get("retry-after", 1)), 5.0))


def _bearer(client: Client, show: Show) -> dict[str, str]:
    """What a visitor's request to orders itself carries."""
    return {**JSON, "Authorization": f"Bearer {show.tokens[client.number % len(show.tokens)]}"}


def _typed(hold: str) -> dict[str, str]:
    """What a guest types, under a name that no other guest has."""
    who = f"b{uuid4().hex[:12]}"
    return {"hold": hold, "name": f"Bench {who}", "email": f"{who}@visitors.example", "locale": "nl"}


async def _ordered(client: Client, show: Show, hold: str) -> Any:
    headers = {**JSON, "Idempotency-Key": uuid4().hex}
    body = json.dumps(_typed(hold)).encode()
    return (await client.ask("place", "POST", f"{show.api}/orders", body=body, headers=headers)).json()
