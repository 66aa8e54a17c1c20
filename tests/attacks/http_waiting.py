"""The waiting room: to choose before one's turn, to have two places, to stand in front of a draw (F-73)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.session import hashed
from services.gateway.domain.waiting_ticket import Ticket
from services.gateway.handlers.waiting_room import WaitingRooms
from services.gateway.store import waiting
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_input import standing_hold
from tests.attacks.http_wall import Answered, Careless, ask, http_attack
from tests.gateway.plausible import house

COOKIE = "__Host-session"
CHOOSING = house()["waiting_room"]["choosing"]
STORE, ROOM = "services.gateway.store.waiting", "services.gateway.handlers.waiting_room"
KEPT = 40
"""Characters of a cookie that a careless reader looks at; the last three are never missed."""
SHADOWS = """
INSERT INTO waiting_ticket (event_id, session_hash, number, turn_until, arrived_at, kept_until)
SELECT $1, sha256(n::text::bytea), gen_random_uuid(), now() + interval '1 hour', now(),
    now() + interval '1 hour' FROM generate_series(1, $2) AS n
"""


@asynccontextmanager
async def _crowd(ground: Ground) -> AsyncIterator[None]:
    """As many choose as may: whoever comes now waits."""
    event = UUID(standing_hold(ground)["event"])
    async with ground.superuser("gateway") as gateway:
        await gateway.execute(SHADOWS, event, CHOOSING)
        try:
            yield
        finally:
            await gateway.execute("DELETE FROM waiting_ticket WHERE event_id = $1", event)
            await gateway.execute("DELETE FROM waiting_room WHERE event_id = $1", event)


async def _hold(ground: Ground, cookie: str | None = None) -> Answered:
    url = ground.doors["gateway"] + "/api/v1/holds"
    return await ask("POST", url, body=standing_hold(ground), cookie=cookie)


async def _line(ground: Ground, method: str, cookie: str | None = None, slug: str = "") -> Answered:
    slug = slug or await _slug(ground, standing_hold(ground)["event"])
    return await ask(method, f"{ground.doors['gateway']}/api/v1/events/{slug}/waiting", cookie=cookie)


async def _slug(ground: Ground, event: str, other: bool = False) -> str:
    season = (await ask("GET", ground.doors["gateway"] + "/api/v1/events")).json()["events"]
    return next(
        one["slug"] for one in season if (one["id"] == event) is not other and one["state"] == "on_sale"
    )


async def _straight_to_the_till(ground: Ground) -> str:
    async with _crowd(ground):
        (await _hold(ground)).granted()
    return "places, before everybody who waits"


async def _edited(ground: Ground) -> str:
    cookie = (await _line(ground, "POST")).cookies[COOKIE]
    async with _crowd(ground):
        (await _hold(ground, cookie[:KEPT] + "abc")).granted()
    return "the turn of somebody whose cookie is nearly the same"


async def _from_another_event(ground: Ground) -> str:
    other = await _slug(ground, standing_hold(ground)["event"], other=True)
    cookie = (await _line(ground, "POST", slug=other)).cookies[COOKIE]
    async with _crowd(ground):
        (await _hold(ground, cookie)).granted()
    return "a turn at an event that everybody wants, got at one that nobody wants"


async def _after_leaving(ground: Ground) -> str:
    cookie = (await _line(ground, "POST")).cookies[COOKIE]
    await _line(ground, "DELETE", cookie)
    async with _crowd(ground):
        (await _hold(ground, cookie)).granted()
    return "a turn that was given back"


async def _after_its_end(ground: Ground) -> str:
    cookie = (await _line(ground, "POST")).cookies[COOKIE]
    async with ground.superuser("gateway") as gateway:
        await gateway.execute(
            "UPDATE waiting_ticket SET turn_until = now() - interval '1 second' WHERE session_hash = $1",
            hashed(cookie),
        )
    async with _crowd(ground):
        (await _hold(ground, cookie)).granted()
    return "places, long after its turn"


async def _in_many_tabs(ground: Ground) -> str:
    async with _crowd(ground):
        first = await _line(ground, "POST")
        tickets = {first.json()["ticket"]}
        for _ in range(5):
            tickets.add((await _line(ground, "POST", first.cookies[COOKIE])).json()["ticket"])
    if len(tickets) == 1:
        raise Held("a second tab has the same ticket")
    return f"{len(tickets)} tickets for one visit"


async def _for_ever(ground: Ground) -> str:
    joined = await _line(ground, "POST")
    slug = await _slug(ground, standing_hold(ground)["event"])
    url = f"{ground.doors['gateway']}/api/v1/events/{slug}/waiting/turn"
    for _ in range(house()["waiting_room"]["extensions"] + 1):
        (await ask("POST", url, cookie=joined.cookies[COOKIE])).granted()
    return "a turn without an end"


async def _nobody_waits(*_: Any) -> None:
    """A gateway without a waiting room."""


async def _any_event(sql: Sql, _: UUID, sessions: Iterable[bytes]) -> dict[bytes, Ticket]:
    rows = await sql.fetch(
        "SELECT session_hash, number, place, turn_until, extensions FROM waiting_ticket"
        " WHERE session_hash = ANY ($1)",
        list(sessions),
    )
    return {row["session_hash"]: waiting._ticket(row) for row in rows}


def _always_in(ticket: Ticket, now: datetime) -> str:
    return "in" if ticket.until is not None else "early" if ticket.place is None else "waiting"


def _whatever(known: int) -> Any:
    async def extend(sql: Sql, event: UUID, session: bytes, now: datetime, until: datetime, _: int) -> Any:
        return await REAL_EXTEND(sql, event, session, now, until, known)

    return extend


REAL_EXTEND = waiting.extend


def _forgetful(_: WaitingRooms, __: Any) -> Any:
    return iter(())


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_before_their_turn(), *_more_than_one())


def _before_their_turn() -> Sequence[Attack[Ground]]:
    handlers = "services.gateway.handlers"
    truncated = (f"{handlers}.find_session", "hashed", lambda cookie: hashed(cookie[:KEPT]))
    written = (f"{handlers}.desk", "hashed", lambda cookie: hashed(cookie[:KEPT]))
    return (
        http_attack(
            "straight to the till",
            "places before those who wait",
            "every hold passes the waiting room, by page or by API (F-73)",
            _straight_to_the_till,
            Careless("gateway", ((f"{handlers}.hold_places", "pass_waiting_room", _nobody_waits),)),
        ),
        http_attack(
            "an edited cookie in line",
            "somebody's turn, by a cookie that is nearly theirs",
            "a place belongs to a whole cookie",
            _edited,
            Careless("gateway", (truncated, written)),
        ),
        http_attack(
            "a turn from elsewhere",
            "a turn at a full event, from an empty one",
            "a turn counts for one event",
            _from_another_event,
            Careless("gateway", ((STORE, "tickets", _any_event),)),
        ),
        http_attack(
            "a turn that was given back",
            "to leave the line and keep the turn",
            "who leaves has no turn any more",
            _after_leaving,
            Careless("gateway", ((STORE, "leave", _nobody_waits),)),
        ),
        http_attack(
            "a turn that is over",
            "to choose when somebody else should",
            "a turn ends",
            _after_its_end,
            Careless("gateway", (("services.gateway.domain.waiting_ticket:Ticket", "state", _always_in),)),
        ),
    )


def _more_than_one() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "a line in many tabs",
            "several places in line for one visit",
            "one visit has one ticket for an event, in all of its tabs and copies",
            _in_many_tabs,
            Careless("gateway", ((f"{ROOM}:WaitingRooms", "_standing", _forgetful),)),
        ),
        http_attack(
            "a turn without an end",
            "to keep others waiting",
            "a turn is extended ten times at most",
            _for_ever,
            Careless("gateway", ((STORE, "extend", _whatever(10_000)),)),
        ),
    )
