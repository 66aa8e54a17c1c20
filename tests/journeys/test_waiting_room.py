"""The waiting room in a real browser: a full hall, a draw, tabs, restarts, and a page without a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from chassis.clock import SystemClock
from deploy.local import postgres
from deploy.topology.database import database_of, dsn_as
from tests.chaos.killing import back, kill
from tests.conftest import House
from tests.gateway.plausible import house as tables
from tests.journeys.browser import PHONE, chromium, person, take_seats
from tests.journeys.test_accessibility import violations
from tests.second_step import fresh_code

CHOOSING = tables()["waiting_room"]["choosing"]
FULL = "de-langste-golf"
SOON = "schemering"
SHADOWS = """
INSERT INTO waiting_ticket (event_id, session_hash, number, turn_until, arrived_at, kept_until)
SELECT $1, sha256(n::text::bytea), gen_random_uuid(), now() + interval '1 hour', now(),
    now() + interval '1 day'
FROM generate_series(1, $2) AS n
"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@asynccontextmanager
async def database(house: House, service: str) -> AsyncIterator[Any]:
    dsn = dsn_as(postgres.of(house.instance).dsn, database_of(service))
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def event_of(house: House, slug: str) -> UUID:
    async with database(house, "orders") as orders:
        return UUID(str(await orders.fetchval("SELECT event_id FROM event WHERE slug = $1", slug)))


@asynccontextmanager
async def crowded(house: House, slug: str) -> AsyncIterator[Callable[[], Any]]:
    """An event at which as many choose as may; calling what is given lets them all go."""
    event = await event_of(house, slug)
    async with database(house, "gateway") as gateway:

        async def go() -> None:
            await gateway.execute(
                "UPDATE waiting_ticket SET chosen = true WHERE event_id = $1 AND place IS NULL", event
            )

        await gateway.execute("DELETE FROM waiting_ticket WHERE event_id = $1", event)
        await gateway.execute(SHADOWS, event, CHOOSING)
        try:
            yield go
        finally:
            await gateway.execute("DELETE FROM waiting_ticket WHERE event_id = $1", event)
            await gateway.execute("DELETE FROM waiting_room WHERE event_id = $1", event)


async def choose(page: Page, house: House, slug: str) -> None:
    await page.goto(f"{house.endpoints['shop']}e/{slug}")
    await take_seats(page)
    await page.locator("form.hold button:not([type])").last.click()


@pytest.mark.requirement("F-73")
async def test_in_a_full_house_a_visitor_waits_reloads_and_is_led_on(house: House, browser: Browser) -> None:
    async with crowded(house, FULL) as let_go, person(browser, screen=PHONE) as someone:
        page = someone.page
        await choose(page, house, FULL)
        await page.wait_for_url("**/wait")
        await expect(page.locator("h1")).to_have_text("Even wachten")
        assert await someone.overflow() == 0
        assert await violations(page) == []
        place = await page.locator("[data-place] .lede").inner_text()
        await page.reload()
        assert await page.locator("[data-place] .lede").inner_text() == place

        second = await page.context.new_page()
        await second.goto(f"{house.endpoints['shop']}e/{FULL}")
        await second.get_by_role("link", name="Naar je plaats in de rij").click()
        assert await second.locator("[data-place] .lede").inner_text() == place, "a tab is the same place"

        cookies = {cookie["name"] for cookie in await page.context.cookies()}
        assert cookies == {"__Host-session"}
        await second.close()
        await page.bring_to_front()
        await let_go()
        await page.wait_for_url("**#turn", timeout=20_000)
        await expect(page.locator("[data-turn]")).to_be_focused()
        await take_seats(page)
        await page.get_by_role("button", name="Geef me meer tijd").click()
        await expect(page.locator("[data-turn]")).to_be_focused()
        assert await page.locator("input[name=seat]:checked").count() == 1, "what was chosen stays"
        await page.locator("form.hold button:not([type])").last.click()
        await page.wait_for_url("**/basket")
        assert someone.complaints == []


@pytest.mark.requirement("F-73")
async def test_without_a_script_the_page_asks_again_by_itself_and_a_restart_forgets_nobody(
    house: House, browser: Browser
) -> None:
    async with (
        crowded(house, FULL) as let_go,
        person(browser, script=False, language="fr-BE", screen=PHONE) as first,
        person(browser, script=False, screen=PHONE) as second,
    ):
        await choose(first.page, house, FULL)
        await first.page.wait_for_url("**/wait")
        await asyncio.sleep(1)
        await second.page.goto(f"{house.endpoints['shop']}e/{FULL}")
        await second.page.get_by_role("button", name="Sluit aan in de rij").click()
        await expect(second.page.locator(".line-number")).to_have_text("1")
        await back(house, "gateway", kill(house, "gateway"))
        await second.page.reload()
        await expect(second.page.locator(".line-number")).to_have_text("1")
        await let_go()
        for someone in (first, second):
            await someone.page.wait_for_url("**#turn", timeout=30_000)


@pytest.mark.requirement("F-73")
async def test_who_is_there_before_a_sale_is_drawn(house: House, browser: Browser) -> None:
    event = await event_of(house, SOON)
    opens_at = SystemClock().now() + timedelta(seconds=9)
    async with database(house, "orders") as orders:
        before = await orders.fetchval("SELECT on_sale_from FROM event WHERE event_id = $1", event)
        await orders.execute("UPDATE event SET on_sale_from = $2 WHERE event_id = $1", event, opens_at)
    try:
        await asyncio.sleep(5.2)
        async with person(browser, language="en-GB") as someone:
            await someone.page.goto(f"{house.endpoints['shop']}e/{SOON}")
            await someone.page.get_by_role("button", name="Wait here").click()
            await expect(someone.page.locator("h1")).to_have_text("You are in time")
            await someone.page.get_by_text("How we draw fairly").click()
            await expect(someone.page.get_by_text("Fingerprint (SHA-256)")).to_be_visible()
            await someone.page.wait_for_url("**#turn", timeout=30_000)
    finally:
        async with database(house, "orders") as orders:
            await orders.execute("UPDATE event SET on_sale_from = $2 WHERE event_id = $1", event, before)


@pytest.mark.requirement("F-73")
async def test_a_program_that_waits_is_told_when_to_ask_again(house: House) -> None:
    api, event = house.endpoints["shop"] + "api/v1", await event_of(house, FULL)
    async with crowded(house, FULL), aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        async with session.post(api + "/holds", json={"event": str(event)}) as answer:
            told = await answer.json(content_type=None)
            assert (answer.status, told["type"]) == (429, "/problems/waiting")
            assert int(answer.headers["Retry-After"]) == told["facts"]["retry_after"]
            cookie = {"Cookie": f"__Host-session={answer.cookies['__Host-session'].value}"}
        async with session.get(f"{api}/events/{FULL}/waiting", headers=cookie) as answer:
            place = await answer.json()
            assert (place["state"], place["ahead"], place["minutes"]) == ("waiting", 0, None)
        async with session.delete(f"{api}/events/{FULL}/waiting", headers=cookie) as answer:
            assert answer.status == 204
        async with session.get(f"{api}/events/{FULL}/waiting", headers=cookie) as answer:
            assert (await answer.json(content_type=None))["type"] == "/problems/not-in-line"


@pytest.mark.requirement("F-73")
async def test_counter_and_door_never_wait(house: House) -> None:
    api, login = house.endpoints["shop"] + "api/v1", house.endpoints["logins"]["box_office"]
    words, code = (
        {"user": login["user"], "password": login["password"]},
        await fresh_code(house.instance, login),
    )
    async with crowded(house, FULL), aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        async with session.post(api + "/sessions", json=words) as answer:
            challenge = (await answer.json(content_type=None))["facts"]["challenge"]
        second = {"challenge": challenge, "code": code}
        async with session.post(api + "/sessions/factor", json=second) as answer:
            cookie = {"Cookie": f"__Host-session={answer.cookies['__Host-session'].value}"}
        async with session.get(f"{api}/events/{FULL}") as answer:
            detail = await answer.json()
        seat = next(seat["id"] for seat in reversed(detail["seats"]) if seat["free"])
        wish = {"event": detail["event"]["id"], "seats": [seat], "seat_price": detail["prices"][0]["id"]}
        async with session.post(api + "/holds", json=wish, headers=cookie) as answer:
            assert answer.status == 201
