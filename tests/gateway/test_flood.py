"""A flood of visits from one address is slowed down, and nobody's address is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from hypothesis import given
from hypothesis import strategies as st

from chassis.testing import SetClock
from services.gateway.domain.visits_limit import VisitsLimit
from services.gateway.entrypoints.arriving import arrive
from services.gateway.entrypoints.flood import Flood, against_flood
from services.gateway.entrypoints.pages.frame import Refusal
from tests.gateway.plausible import house

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
LIMIT = VisitsLimit(3, timedelta(seconds=10))
SOMEONE, ANOTHER = "203.0.113.7", "2001:db8::"


@pytest.mark.requirement("G-11")
def test_after_a_burst_visits_begin_at_a_pace_and_others_are_not_slowed_down() -> None:
    clock = SetClock(NOW)
    flood = Flood(LIMIT, clock)
    assert [flood.wait(SOMEONE) for _ in range(4)] == [0, 0, 0, 10]
    assert flood.wait(ANOTHER) == 0
    clock.move(timedelta(seconds=10))
    assert [flood.wait(SOMEONE) for _ in range(2)] == [0, 10]
    assert [flood.wait("127.0.0.1") for _ in range(50)] == [0] * 50, "this machine"
    assert [flood.wait(None) for _ in range(50)] == [0] * 50


@pytest.mark.requirement("G-11")
def test_no_address_stands_in_memory_and_a_day_later_nothing_does() -> None:
    clock = SetClock(NOW)
    flood = Flood(LIMIT, clock)
    flood.wait(SOMEONE)
    before = set(flood._known)
    assert all(SOMEONE.encode() not in key for key in before)
    clock.move(timedelta(days=1))
    flood.wait(SOMEONE)
    assert not before & set(flood._known), "the salt of yesterday is forgotten"


@pytest.mark.requirement("F-73")
async def test_at_the_door_only_what_begins_a_visit_counts_by_the_address_that_our_proxy_saw() -> None:
    async with at_the_door(Flood(LIMIT, SetClock(NOW))) as door:

        async def come(method: str, path: str, address: str = SOMEONE) -> int:
            headers = {"X-Forwarded-For": f"198.51.100.1, {address}"}
            async with door.request(method, path, headers=headers) as answer:
                return answer.status

        assert [await come("POST", "/e/zout/wait") for _ in range(4)] == [200, 200, 200, 429]
        assert await come("POST", "/e/zout/wait", "203.0.113.8") == 200
        assert await come("GET", "/e/zout/wait") == 200
        assert await come("POST", "/login") == 200


@asynccontextmanager
async def at_the_door(flood: Flood) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The middleware behind one proxy, before pages that say yes."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        arrive(request, proxies=1)
        try:
            return await handler(request)
        except Refusal as refusal:
            return web.Response(status=refusal.declined.status)

    async def yes(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application(middlewares=[around, against_flood(flood)])
    for path in ("/e/{slug:[a-z]+}/wait", "/login"):
        app.router.add_route("*", path, yes)
    async with TestClient(TestServer(app)) as client:
        yield client


@given(st.lists(st.timedeltas(timedelta(0), timedelta(seconds=30)), max_size=60))
def test_never_more_than_a_burst_and_the_pace(pauses: list[timedelta]) -> None:
    now, free, let_in = NOW, None, 0
    for pause in pauses:
        now += pause
        free, wait = LIMIT.begin(free, now)
        let_in += wait == 0
        assert wait <= LIMIT.every.total_seconds()
    assert let_in <= LIMIT.burst + (now - NOW) / LIMIT.every


def test_a_school_behind_one_address_comes_in() -> None:
    limit, free, waits = VisitsLimit.of(house()["visits_of_an_address"]), None, []
    for _ in range(100):
        free, wait = limit.begin(free, NOW)
        waits.append(wait)
    assert waits == [0] * 100
