"""The mix: visitors who buy a ticket through the gateway, an organiser who reads a door list, copies of data.

Of a hundred visits: 100 hold, 100 place an order, 100 pay, as many look-ups as it takes until the tickets are
there (one or two each), 25 door lists, 10 copies (asked for, awaited, downloaded).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import asyncpg

from chassis.tokens import LinkSigner
from deploy.local.demo.second_step import second_step
from deploy.local.endpoints import database_url
from deploy.local.instance import Instance
from tests.bench.load import Client, Load, measure
from tests.bench.wire import Connection, Reply

SOLD, SHOWN = "hoogspanning", "zout"
"""The event that is sold (standing places), and the one whose door list is read; both with a co-presenter."""
DOOR_LIST_EVERY, COPY_EVERY = 4, 10
PLACES = 1_000_000
NAMES = 10
"""On the door list: how many names one may be shown in an hour is limited, and this is one organiser."""
LOOK_AGAIN = 0.25
"""Seconds: a page that asked more often would give the slower house more to do."""
WAITING = 429
HELD_OR_WAITING = frozenset({201, WAITING})
JSON = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Language": "nl"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Town:
    """What visitors know of a house: its API, which places to wish for, and what an organiser comes with."""

    api: str
    sold: Mapping[str, Any]
    shown: str
    seats: tuple[Mapping[str, Any], ...]
    organiser: Mapping[str, str]
    link_key: bytes


async def visit(client: Client, town: Town) -> None:
    """One evening's worth of work for the house, by a visitor whom it never saw before."""
    turn = client.number + client.turn
    await _buy(client, town, town.sold)
    if turn % COPY_EVERY == 0:
        await _copied(client, town)
    if turn % DOOR_LIST_EVERY == 0:
        client.cookies = dict(town.organiser)
        url = f"{town.api}/organiser/attendees?event={town.shown}"
        await client.ask("door list", "GET", url, headers=JSON)


async def fill(client: Client, town: Town) -> None:
    """Buy the next seat of the event whose door list is read later."""
    await _buy(client, town, town.seats[client.turn])


async def _buy(client: Client, town: Town, wish: Mapping[str, Any]) -> None:
    """From the first click to the tickets, as a guest without a cookie."""
    client.cookies = {}
    hold = await _held(client, town, wish)
    order = await _placed(client, town, hold["id"], uuid4().hex)
    paid = urlencode({"status": "paid"}).encode()
    await client.ask("pay", "POST", order["checkout_url"], body=paid, headers=FORM)
    await _awaited(client, f"{town.api}/orders/{order['id']}", "look up", lambda seen: bool(seen["tickets"]))


async def _held(client: Client, town: Town, wish: Mapping[str, Any]) -> Any:
    """The hold, at once or when it is this visitor's turn: a waiting room is no failure, and told apart."""
    while True:
        reply = await client.ask(
            "hold", "POST", f"{town.api}/holds", body=_raw(wish), headers=JSON, good=HELD_OR_WAITING
        )
        if reply.status != WAITING:
            return reply.json()
        client.note("waited")
        await asyncio.sleep(float(reply.headers.get("retry-after", 1)))


async def _placed(client: Client, town: Town, hold: str, key: str) -> Any:
    """A guest's order, under a name that no other guest has."""
    who = f"b{key[:12]}"
    buyer = {"name": f"Bench {who}", "email": f"{who}@visitors.example", "locale": "nl", "choices": []}
    headers = {**JSON, "Idempotency-Key": key}
    body = _raw({"hold": hold, **buyer})
    return (await client.ask("place", "POST", f"{town.api}/orders", body=body, headers=headers)).json()


async def _awaited(client: Client, url: str, step: str, done: Any) -> None:
    while True:
        if done((await client.ask(step, "GET", url, headers=JSON)).json()):
            return
        await asyncio.sleep(LOOK_AGAIN)


async def _copied(client: Client, town: Town) -> None:
    """Everything that six services hold about this visitor; an incomplete copy is a failure.

    Who carries everything away proves who they are: by the link of their mail, which is not waited for here.
    """
    me = (await client.ask("who", "GET", f"{town.api}/me", headers=JSON)).json()
    token = LinkSigner(town.link_key).sign(UUID(me["subject"]), "nl", datetime.now(UTC), 1)
    here = town.api.removesuffix("/api/v1")
    await client.ask("link", "GET", f"{here}/l/{token}", headers={}, good=frozenset({303}))
    asked = await client.ask("ask copy", "POST", f"{town.api}/me/copies", body=b"{}", headers=JSON)
    case = asked.json()["id"]
    closed = f"{town.api}/me/cases/{case}"
    await _awaited(client, closed, "await copy", lambda seen: seen["state"] == "closed")
    copy = await client.ask("copy", "GET", f"{town.api}/me/copies/{case}/download", headers=JSON)
    if len(copy.json()["services"]) != 6:
        raise client.fail("copy", "incomplete")


async def prepared(instance: Instance, endpoints: Mapping[str, Any]) -> Town:
    """A house with an event on sale that never sells out, and a door list of ten names."""
    connection = await asyncpg.connect(database_url(instance, "orders", "migrate"))
    try:
        await _widen(connection)
    finally:
        await connection.close()
    town = await town_of(instance, endpoints)
    filled = await measure(Load(fill, town, clients=1, journeys=NAMES))
    if filled.failed:
        raise RuntimeError(f"the door list was not filled: {filled.failed}")
    return town


async def town_of(instance: Instance, endpoints: Mapping[str, Any]) -> Town:
    """What is on at a house, seen through its own doors."""
    gateway = endpoints["services"]["gateway"]
    door = Connection(gateway)
    sold, shown = [await _event(door, slug) for slug in (SOLD, SHOWN)]
    place = {"price": _price(sold, "standing"), "quantity": 1}
    one = {"event": shown["event"]["id"], "seat_price": _price(shown, "seat")}
    organiser = await _log_in(door, endpoints["logins"]["organiser"])
    door.close()
    return Town(
        f"{gateway}/api/v1",
        {"event": sold["event"]["id"], "standing": [place]},
        shown["event"]["id"],
        tuple({**one, "seats": [seat["id"]]} for seat in shown["seats"]),
        organiser,
        (instance.secrets / "notify" / "signing.pem").read_bytes(),
    )


async def _widen(connection: Any) -> None:
    """The event that is sold has standing places without number, and a co-presenter."""
    ids = {row["slug"]: row["event_id"] for row in await connection.fetch("SELECT slug, event_id FROM event")}
    await connection.execute("UPDATE stock SET standing_capacity = $2 WHERE event_id = $1", ids[SOLD], PLACES)
    partner = await connection.fetchrow("SELECT * FROM event_partner WHERE event_id = $1", ids[SHOWN])
    await _copy_row(connection, "event_partner", partner, event_id=ids[SOLD])


async def _copy_row(connection: Any, table: str, row: Any, **changes: Any) -> None:
    """The same row again with some columns changed, whatever columns it has."""
    values = {**row, **changes}
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    columns = ", ".join(values)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"
    await connection.execute(statement, *values.values())


async def _event(door: Connection, slug: str) -> Any:
    return _good(await door.send("GET", f"/api/v1/events/{slug}", JSON, None)).json()


def _price(event: Any, place: str) -> str:
    return next(str(price["id"]) for price in event["prices"] if price["place"] == place)


async def _log_in(door: Connection, login: Mapping[str, str]) -> dict[str, str]:
    body = _raw({"user": login["user"], "password": login["password"]})
    first = await door.send("POST", "/api/v1/sessions", JSON, body)
    second = second_step(login, first.body)
    reply = _good(await door.send("POST", "/api/v1/sessions/factor", JSON, second))
    name, _, value = reply.cookies[0].partition(";")[0].partition("=")
    return {name: value}


def _good(reply: Reply) -> Reply:
    if reply.status >= 300:
        raise RuntimeError(f"the house was not prepared: {reply.status} {reply.body.decode()[:300]}")
    return reply


def _raw(body: Any) -> bytes:
    return json.dumps(body).encode()
