"""Knocking at the doors of the running house, politely and otherwise, and judging its answers."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from deploy.local.demo.doors import Browser, allowed, new_key
from deploy.local.demo.expecting import Patience, until
from deploy.local.demo.story import Buyer
from deploy.local.demo.wire import Asked, HttpWire, Reply
from tests.conftest import House
from tests.second_step import enter

MARK = "zeemeermin"
"""Stands in bad input: no answer may repeat it."""
LANGUAGE = "fr"
"""Not the house's own, so that a language that got lost on the way is noticed."""
AT_ONCE = Patience(answer=0, news=20)
"""Nothing is asked twice: an answer of 500 or more fails the test."""
FRESH_SECONDS = 240
SLUG = re.compile(r"/problems/[a-z][a-z-]+")
FORM = "application/x-www-form-urlencoded"
LINK = re.compile(r"https?://[^\s\"'<>]+(/l/[^\s\"'<>]+)")


@dataclass(frozen=True)
class Doors:
    """All doors of one house."""

    house: House
    wire: HttpWire
    known: dict[str, tuple[float, dict[str, str]]] = field(default_factory=dict)

    @property
    def shop(self) -> str:
        """The gateway's origin."""
        return str(self.house.endpoints["services"]["gateway"])

    def guest(self, language: str = LANGUAGE) -> Browser:
        """Someone who was never here."""
        return Browser(self.wire, self.shop, AT_ONCE, language)

    def at(self, name: str) -> Browser:
        """A look into "inbox", "receiver" or "mollie"."""
        return Browser(self.wire, self.house.endpoints[name], AT_ONCE)

    async def staff(self, role: str) -> Browser:
        """Someone who is logged in, since some minutes perhaps: no proof was asked for yet."""
        since, cookies = self.known.get(role, (0.0, {}))
        if time.monotonic() - since > FRESH_SECONDS or not cookies:
            since, cookies = time.monotonic(), (await self.fresh(role)).cookies
            self.known[role] = since, cookies
        return replace(self.guest(), cookies=dict(cookies))

    async def fresh(self, role: str) -> Browser:
        """Someone who has just logged in."""
        browser = self.guest()
        await enter(browser, self.house.instance, self.house.endpoints["logins"][role])
        return browser

    async def raw(self, data: bytes) -> bytes:
        """Whatever comes back for these bytes, sent to the gateway as they are."""
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(self.shop).port)
        writer.write(data)
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        return answer

    async def post(
        self, who: Browser, path: str, body: bytes, kind: str = FORM, headers: Mapping[str, str] = {}
    ) -> Reply:
        """POST a body as it is, in the name of `who`."""
        cookies = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
        sent = {"Content-Type": kind, "Accept-Language": who.language, "Cookie": cookies, **headers}
        return await self.wire.send(Asked("POST", self.shop + path, sent, body))

    async def event(self, slug: str) -> dict[str, Any]:
        """An event with its prices and places."""
        found: dict[str, Any] = await self.guest().get(f"/events/{slug}")
        return found

    def buyer(self) -> Buyer:
        """Someone new; no log may know the name."""
        buyer = Buyer.new()
        self.house.persons.add(buyer.name)
        return buyer


@asynccontextmanager
async def doors_of(house: House) -> AsyncIterator[Doors]:
    """The doors of a house, over one wire."""
    async with HttpWire() as wire:
        yield Doors(house, wire)


def standing(detail: Mapping[str, Any], quantity: object = 1) -> dict[str, Any]:
    """A wish for standing places."""
    price = next(one["id"] for one in detail["prices"] if one["place"] == "standing")
    return {"event": detail["event"]["id"], "standing": [{"price": price, "quantity": quantity}]}


def seated(detail: Mapping[str, Any], number: int = 1, *, last: bool = True) -> dict[str, Any]:
    """A wish for free seats, from the back of the hall."""
    free = [seat["id"] for seat in detail["seats"] if seat["free"]]
    price = next(one["id"] for one in detail["prices"] if one["place"] == "seat")
    seats = free[-number:] if last else free[:number]
    return {"event": detail["event"]["id"], "seats": seats, "seat_price": price}


def as_form(wish: Mapping[str, Any]) -> bytes:
    """The same wish as the page's own form sends it."""
    fields = [("seat", seat) for seat in wish.get("seats", ())]
    fields += [("seat_price", wish["seat_price"])] if "seat_price" in wish else []
    fields += [(f"standing.{one['price']}", str(one["quantity"])) for one in wish.get("standing", ())]
    return urlencode(fields).encode()


def checkout(hold: Mapping[str, Any], buyer: Buyer, **other: object) -> dict[str, Any]:
    """A guest's checkout."""
    return {
        "hold": hold["id"],
        "name": buyer.name,
        "email": buyer.email,
        "locale": LANGUAGE,
        **other,
    }


async def ordered(doors: Doors, who: Browser, buyer: Buyer) -> dict[str, Any]:
    """An order of one standing place that waits to be paid."""
    hold = await who.post("/holds", standing(await doors.event("hoogspanning")))
    order: dict[str, Any] = await who.post("/orders", checkout(hold, buyer), new_key())
    return order


async def paid(doors: Doors, who: Browser, order: Mapping[str, Any]) -> dict[str, Any]:
    """The same order, paid at the hosted page, with its tickets."""
    await doors.at("mollie").form(order["checkout_url"], {"status": "paid"})

    async def look() -> dict[str, Any] | None:
        seen: dict[str, Any] = await who.get(f"/orders/{order['id']}")
        return seen if seen["state"] == "paid" and seen["tickets"] else None

    return await until(look, "the order is paid and has its tickets", AT_ONCE)


async def buys(doors: Doors) -> dict[str, Any]:
    """A whole purchase by somebody new: the house sells."""
    who = doors.guest()
    return await paid(doors, who, await ordered(doors, who, doors.buyer()))


async def mails_to(doors: Doors, buyer: Buyer) -> list[dict[str, Any]]:
    """Mails to a buyer with their headers, newest first."""
    inbox = doors.at("inbox")
    listed = allowed(await inbox.page(f"/api/messages?to={buyer.email}"), "the inbox")
    return [allowed(await inbox.page(f"/api/messages/{one['id']}"), "the inbox") for one in listed]


async def link_of(doors: Doors, buyer: Buyer) -> str | None:
    """The signed link of a buyer's newest mail, once there is one."""
    found = [LINK.search(mail["text"] or "") for mail in await mails_to(doors, buyer)]
    return next((link[1] for link in found if link), None)


async def by_letter(doors: Doors, buyer: Buyer) -> Browser:
    """The buyer, come in by the signed link of the first mail."""

    browser = doors.guest()
    reply = await browser.page(
        await until(lambda: link_of(doors, buyer), "a mail with a link arrives", AT_ONCE)
    )
    assert reply.status == 303
    return browser


def is_problem(reply: Reply, status: int, slug: str) -> dict[str, Any]:
    """A problem document with this status and slug, in the reader's language, that repeats nothing."""
    told: dict[str, Any] = reply.json()
    kind = reply.values("Content-Type")[0].split(";")[0]
    assert (reply.status, told["type"], kind) == (status, f"/problems/{slug}", "application/problem+json")
    assert told["status"] == status
    assert SLUG.fullmatch(told["type"])
    assert told["title"].strip()
    assert told["request_id"]
    assert MARK not in reply.text
    return told


def is_page(reply: Reply, status: int, language: str = LANGUAGE) -> str:
    """A page in plain words with this status, in the reader's language, that repeats nothing."""
    assert reply.status == status, reply.text[:500]
    assert reply.values("Content-Type")[0].startswith("text/html")
    assert f'<html lang="{language}"' in reply.text
    assert "default-src 'none'" in reply.values("Content-Security-Policy")[0]
    assert reply.values("Cache-Control") == ["no-store"]
    assert re.search(r"<h1>[^<]{4,}", reply.text)
    assert MARK not in reply.text
    for technical in ("Idempotency", "Traceback", "/problems/"):
        assert technical not in reply.text
    return reply.text


def somewhere() -> str:
    """An id of nothing."""
    return str(uuid4())


def in_json(body: object) -> bytes:
    """A body in JSON."""
    return json.dumps(body).encode()
