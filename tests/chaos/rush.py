"""An on-sale in which parts die: buyers insist, and in the end each has what they paid for, once."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from deploy.local.demo.expecting import Patience, Unmet, until
from tests.bench.load import Client, Failed, Tally
from tests.bench.sale_stage import broken_laws, database, put_on_hall
from tests.bench.sale_visits import FORM, JSON, Show
from tests.bench.wire import Reply
from tests.chaos.ending import waiting
from tests.chaos.killing import back, kill
from tests.conftest import House

Say = Callable[[str], None]
DYING = ("orders", "postgres", "rabbitmq")
BUYERS = 12
DEATHS = 6
INSISTS = 150.0
AGAIN = 0.2
QUIET = Patience(news=180.0)


@dataclass
class Sold:
    """The orders that buyers got, with the tickets that each saw."""

    tickets: dict[UUID, frozenset[str]]


async def rush(house: House, say: Say, seed: int) -> list[str]:
    """Buyers hold, place and pay while parts die at random points; what is not true in the end, in words."""
    show = await put_on_hall(house.instance, house.endpoints, 20_000, 200)
    chance, over, sold = random.Random(seed), asyncio.Event(), Sold({})
    wishes = chance.sample(show.wishes, len(show.wishes))
    shares = [wishes[number::BUYERS] for number in range(BUYERS)]
    buyers = [asyncio.create_task(_buyer(n, show, shares[n], over, sold)) for n in range(BUYERS)]
    try:
        for number in range(DEATHS):
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            target = DYING[number % len(DYING)]
            seconds = await back(house, target, kill(house, target))
            say(f"{target} killed in the rush; back after {seconds:.1f} s, {len(sold.tickets)} orders so far")
        await asyncio.sleep(2.0)
    finally:
        over.set()
        async with asyncio.timeout(2 * INSISTS):
            await asyncio.gather(*buyers)
    say(f"{len(sold.tickets)} orders were bought in the rush")
    return await _untrue(house, UUID(show.event), sold)


async def _buyer(
    number: int, show: Show, wishes: Sequence[tuple[str, bytes]], over: asyncio.Event, sold: Sold
) -> None:
    """One after the other, each as a new guest, until the rush is over."""
    client = Client(number, Tally(), lambda: True)
    try:
        for _, wish in wishes:
            if over.is_set():
                return
            client.cookies = {}
            await _buy(client, show, wish, sold)
    finally:
        client.close()


async def _buy(client: Client, show: Show, wish: bytes, sold: Sold) -> None:
    """From hold to tickets. Whatever breaks is asked again with the same key, as a careful client does."""
    key = {"Idempotency-Key": uuid4().hex}
    held = await _insist(client, "POST", f"{show.api}/holds", {**JSON, **key}, wish)
    buyer = {"hold": held["id"], "name": "Rush", "email": "rush@visitors.example", "locale": "nl"}
    body, url = json.dumps(buyer).encode(), f"{show.api}/orders"
    order = await _insist(client, "POST", url, {**JSON, **key}, body, lambda one: one["checkout_url"])
    paid = urlencode({"status": "paid"}).encode()
    await _insist(client, "POST", order["checkout_url"], FORM, paid)
    seen = await _insist(client, "GET", f"{url}/{order['id']}", JSON, None, lambda one: one["tickets"])
    sold.tickets[UUID(order["id"])] = frozenset(ticket["id"] for ticket in seen["tickets"])


async def _insist(
    client: Client,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    enough: Callable[[Any], object] = lambda _: True,
) -> Any:
    """Ask until there is a good answer that is enough; TimeoutError after a long while."""
    async with asyncio.timeout(INSISTS):
        while True:
            answer = await _once(lambda: client.ask("rush", method, url, body=body, headers=headers))
            said = answer.json() if answer and answer.body[:1] == b"{" else {}
            if answer is not None and (not said or enough(said)):
                return said
            await asyncio.sleep(AGAIN)


async def _once(ask: Callable[[], Awaitable[Reply]]) -> Reply | None:
    try:
        return await ask()
    except Failed:
        return None


async def _untrue(house: House, event: UUID, sold: Sold) -> list[str]:
    """What a sale promises and the databases do not show, once nothing waits any more."""
    mailed = await _mailed(house, sold)
    async with database(house.instance) as sql:
        rows = await sql.fetch(
            """SELECT o.order_id, o.state, array_agg(t.ticket_id::text) AS tickets FROM placed_order o
               LEFT JOIN ticket t USING (event_id, order_id) WHERE o.event_id = $1 GROUP BY 1, 2""",
            event,
        )
    kept = {row["order_id"]: frozenset(row["tickets"]) for row in rows if row["state"] == "paid"}
    untrue = await broken_laws(house.instance)
    if kept != sold.tickets:
        untrue.append(f"{len(kept)} paid orders stand there, and buyers have {len(sold.tickets)}")
    if len(rows) != len(kept):
        untrue.append(f"{len(rows) - len(kept)} orders stand there that nobody has")
    if sorted(mailed) != sorted(sold.tickets):
        untrue.append(f"{len(mailed)} mails with tickets for {len(sold.tickets)} orders")
    return untrue


async def _mailed(house: House, sold: Sold) -> list[UUID]:
    """The orders of mails with tickets, when each buyer has one and nothing waits, or after a long while."""
    mailed: list[UUID] = []

    async def look() -> bool | None:
        async with database(house.instance, "notify") as sql:
            found = "SELECT order_id FROM message WHERE order_id = ANY ($1)"
            mailed[:] = [row["order_id"] for row in await sql.fetch(found, list(sold.tickets))]
        return True if len(mailed) >= len(sold.tickets) and await waiting(house) == 0 else None

    try:
        await until(look, "every buyer has a mail and nothing waits", QUIET)
    except Unmet:
        # Fewer mails than buyers are told in numbers.
        if len(mailed) >= len(sold.tickets):
            raise
    return mailed
