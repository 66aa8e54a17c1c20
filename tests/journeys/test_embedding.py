"""Tickets on somebody else's site: a page of another origin with one script tag (F-48)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, FrameLocator, expect

from tests.conftest import House
from tests.journeys.browser import PHONE, chromium, person, take_seats
from tests.journeys.test_accessibility import violations

EVENT = "de-langste-golf"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@asynccontextmanager
async def site(house: House, tag: str) -> AsyncIterator[str]:
    """Somebody's web site on another host, with this tag of ours."""

    async def page(_: web.Request) -> web.Response:
        script = f'<script src="{house.endpoints["shop"]}embed.js" {tag} async></script>'
        head = "<!doctype html><html lang=nl><title>Het koor</title><link rel=icon href=data:,>"
        html = f"{head}<h1>Kom kijken</h1>{script}<p>Tot dan"
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@pytest.mark.requirement("F-48")
async def test_places_are_chosen_on_another_site_and_held_in_a_window_of_the_house(
    house: House, browser: Browser
) -> None:
    async with site(house, f'data-event="{EVENT}"') as url, person(browser, screen=PHONE) as someone:
        page, context = someone.page, someone.page.context
        await page.goto(url)
        inside: FrameLocator = page.frame_locator("iframe")
        await expect(inside.locator("h1")).to_have_text("De langste golf")
        await expect(page.locator("iframe")).to_have_attribute("title", "De langste golf · De Vloedlijn")
        assert await context.cookies() == [], "looking sets no cookie"
        frame = page.frames[1]
        await expect(inside.locator("form.hold")).to_be_visible()
        await page.wait_for_function(
            "() => parseFloat(document.querySelector('iframe').style.height) > 900", timeout=5000
        )
        hidden = "document.documentElement.scrollHeight - innerHeight"
        assert await frame.evaluate(hidden) <= 1, "the frame is as high as its page"
        assert await frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

        await take_seats(inside)
        async with context.expect_page() as opening:
            await inside.locator("form.hold button:not([type])").last.press("Enter")
        basket = await opening.value
        await basket.wait_for_url(house.endpoints["shop"] + "basket")
        await expect(basket.locator("[data-countdown]")).to_be_visible()
        assert page.url == url, "the other site stays where it is"
        assert await violations(frame) == []
        assert someone.complaints == []


@pytest.mark.requirement("F-48")
async def test_an_organisation_shows_its_own_part_of_the_season_in_its_own_language(
    house: House, browser: Browser
) -> None:
    url = house.endpoints["shop"] + "api/v1/events"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        events = (await answer.json())["events"]
    organiser = next(partner for event in events for partner in event["partners"])["organisation"]
    own = [event for event in events if organiser in {one["organisation"] for one in event["partners"]}]
    async with (
        site(house, f'data-organiser="{organiser}" data-lang="fr"') as url,
        person(browser) as someone,
    ):
        await someone.page.goto(url)
        shown = someone.page.frame_locator("iframe").locator(".show h2")
        await expect(shown).to_have_count(len(own))
        assert set(await shown.all_inner_texts()) == {event["title"]["fr"] for event in own}
        assert await someone.page.context.cookies() == []


@pytest.mark.requirement("F-48")
@pytest.mark.requirement("F-49")
async def test_an_organisers_own_ticket_page_and_one_of_its_events_stand_there_in_its_look(
    house: House, browser: Browser
) -> None:
    accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    looks = []
    async with person(browser, screen=PHONE) as someone:
        for tag, title in (
            ('data-organiser="kantelpunt" data-lang="fr"', "Kantelpunt"),
            ('data-organiser="kantelpunt" data-event="zout" data-lang="fr"', "Sel"),
            ('data-event="zout" data-lang="fr"', "Sel"),
        ):
            async with site(house, tag) as url:
                await someone.page.goto(url)
                inside = someone.page.frame_locator("iframe")
                await expect(inside.locator("h1")).to_have_text(title)
                looks.append(await someone.page.frames[1].evaluate(accent))
                assert await violations(someone.page.frames[1]) == []
                if title == "Kantelpunt":
                    assert "Sel" in await inside.locator(".show h2").all_inner_texts()
                    async with someone.page.context.expect_page() as opening:
                        await inside.get_by_role("link", name="Sel", exact=True).click()
                    await (await opening.value).wait_for_url(house.endpoints["shop"] + "e/zout")
        assert await someone.page.context.cookies() == []
        assert someone.complaints == []
    assert looks[0] == looks[1] != looks[2], "two of the organiser, one of the house"


@pytest.mark.requirement("F-48")
async def test_no_other_page_of_the_house_stands_in_a_frame(house: House) -> None:
    async with aiohttp.ClientSession() as session:
        for path, framed in (
            ("embed", True),
            (f"embed/{EVENT}", True),
            (f"e/{EVENT}", False),
            ("login", False),
        ):
            async with session.get(house.endpoints["shop"] + path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert ("frame-ancestors *" in policy) is framed, path
                assert ("X-Frame-Options" in answer.headers) is not framed, path
