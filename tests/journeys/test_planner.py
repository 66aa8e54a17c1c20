"""A planner works without a script: draws a hall of 400 seats, plans an evening and sells it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import House
from tests.journeys.browser import PHONE, chromium, person
from tests.journeys.test_accessibility import small, violations
from tests.second_step import fill_in

TONGUES = ("nl", "fr", "en")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def enter(page: Page, house: House, role: str = "planner") -> str:
    """Log in; the address of the shop."""
    login, shop = house.endpoints["logins"][role], str(house.endpoints["shop"])
    await page.goto(shop + "login")
    await fill_in(page, house.instance, login)
    return shop


async def words(page: Page, name: str, text: str, form: str = "") -> None:
    """The same words in the three fields of a text."""
    for tongue in TONGUES:
        await page.fill(f"{form} [name='{name}.{tongue}']", text)


async def save(page: Page, form: str) -> None:
    """Send a form by its last button, and wait for the page that comes."""
    async with page.expect_navigation():
        await page.locator(f"{form} button").last.click()


async def draws_a_hall(page: Page, shop: str, name: str) -> None:
    """Two blocks, then the places for wheelchairs."""
    await page.goto(shop + "planner/halls")
    await page.fill("[name=name]", name)
    await save(page, "main .plan-form")
    blocks = "form[action$='/blocks']"
    for zone, rows, prefix in (("Parterre", "14", ""), ("Balkon", "6", "B")):
        await words(page, "zone", zone, blocks)
        await page.fill("[name=rows]", rows)
        await page.fill("[name=seats]", "20")
        await page.fill("[name=aisles]", "10")
        await page.fill("[name=prefix]", prefix)
        await save(page, blocks)
    marks = "form[action$='/marks']"
    await page.fill(f"{marks} [name=labels]", "A1, A20")
    await save(page, marks)
    await page.check(f"{marks} [value=gap]", force=True)
    await page.fill(f"{marks} [name=labels]", "N1-N3")
    await save(page, marks)


async def plans_an_evening(page: Page, shop: str, hall: str) -> None:
    """A production, its date, its price by zone."""
    await page.goto(shop + "planner/productions")
    form = "form[action$='/productions']"
    await words(page, "title", "Springtij", form)
    await words(page, "blurb", "Een avond.", form)
    await save(page, form)
    starts = datetime.now().replace(hour=20, minute=0) + timedelta(days=40)  # noqa: DTZ005 - as people type it.
    times = {"doors_at": -1, "starts_at": 0, "ends_at": 2, "on_sale_from": -24 * 50}
    for field, hours in times.items():
        await page.fill(f"[name={field}]", f"{starts + timedelta(hours=hours):%Y-%m-%dT%H:%M}")
    await page.select_option("[name=hall]", label=f"{hall} (397 + 0)")
    await save(page, "#facts ~ form")
    await words(page, "price.0.title", "Basis")
    await page.fill("[name='price.0.cents']", "22,50")
    await page.fill("[name='price.0.zone.balkon']", "14")
    await save(page, "form[action$='/prices']")


@pytest.mark.requirement("F-03")
@pytest.mark.requirement("F-53")
async def test_a_hall_is_drawn_and_an_evening_sold_without_a_script(house: House, browser: Browser) -> None:
    async with person(browser, script=False) as planner, person(browser, script=False) as visitor:
        page, hall = planner.page, f"Springzaal {uuid4().hex[:6]}"
        shop = await enter(page, house)
        await draws_a_hall(page, shop, hall)
        await expect(page.locator(".hall-plan rect")).to_have_count(397)
        await expect(page.locator(".hall-plan .k-wheelchair")).to_have_count(2)

        await plans_an_evening(page, shop, hall)
        for state in ("published", "on_sale"):
            await expect(page.locator(".plan-move button")).to_have_attribute("value", state)
            await save(page, ".plan-move")
        await page.locator(".plan-state a").click()
        address = page.url

        await visitor.page.goto(address)
        linked = await visitor.page.locator("script[type='application/ld+json']").text_content()
        told = json.loads(linked or "")
        assert (told["name"], told["offers"][0]["price"]) == ("Springtij", "22.50")
        await visitor.page.locator("[data-zone=balkon] input").first.check()
        await visitor.page.locator("form.hold button").last.click()
        await expect(visitor.page.locator(".lines-total")).to_contain_text("14,00")


@pytest.mark.requirement("F-53")
async def test_what_was_refused_is_said_and_nothing_typed_is_lost(house: House, browser: Browser) -> None:
    async with person(browser, screen=PHONE) as planner:
        page, shop = planner.page, await enter(planner.page, house)
        await page.goto(shop + "planner/codes")
        await page.fill("[name=code]", "golf10")
        await page.fill("[name=value]", "15")
        await save(page, "form[action$='/codes']")
        await expect(page.locator(".summary")).to_contain_text("bestaat al")
        await expect(page.locator("[name=value]")).to_have_value("15")


@pytest.mark.requirement("F-25")
async def test_planners_pages_keep_to_wcag_and_thumbs(house: House, browser: Browser) -> None:
    async with person(browser, screen=PHONE) as planner:
        page, shop = planner.page, await enter(planner.page, house)
        found: list[str] = []
        for path in ("", "/productions", "/halls", "/dates/new", "/codes", "/looks"):
            await page.goto(f"{shop}planner{path}")
            found += await violations(page) + await small(page, 24)
            assert await planner.overflow() == 0
        for listed, link in (("/halls", "tbody a"), ("", "tbody a")):
            await page.goto(f"{shop}planner{listed}")
            await page.locator(link).first.click()
            found += await violations(page)
            assert await planner.overflow() == 0
        assert found == []
        assert planner.complaints == []


@pytest.mark.requirement("F-49")
async def test_an_organisers_own_page_has_its_name_and_its_colour_mended(
    house: House, browser: Browser
) -> None:
    async with person(browser) as visitor, person(browser) as planner:
        await visitor.page.goto(house.endpoints["shop"] + "o/kantelpunt")
        await expect(visitor.page.locator("h1")).to_have_text("Kantelpunt")
        await expect(visitor.page.locator(".show h2")).to_contain_text(["Zout"])
        accent = await visitor.page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--accent').trim()"
        )
        assert accent not in ("#e8a200", "#2233d1")
        assert await violations(visitor.page) == []

        shop = await enter(planner.page, house)
        await planner.page.goto(shop + "planner/looks")
        await expect(planner.page.locator(".plan-look")).to_contain_text(["te licht om te lezen"])


@pytest.mark.requirement("F-20")
async def test_the_season_and_each_event_have_a_calendar_file(house: House, browser: Browser) -> None:
    async with person(browser) as visitor:
        shop = house.endpoints["shop"]
        season = await visitor.page.request.get(shop + "season.ics")
        assert season.headers["content-type"].startswith("text/calendar")
        assert (await season.text()).count("BEGIN:VEVENT") >= 8
        one = await (await visitor.page.request.get(shop + "e/zout.ics")).text()
        assert "SUMMARY:Zout\r\n" in one
        assert all(len(line.encode()) <= 75 for line in one.split("\r\n"))


@pytest.mark.requirement("G-71")
async def test_only_planners_come_in(house: House, browser: Browser) -> None:
    async with person(browser) as clerk:
        shop = await enter(clerk.page, house, "box_office")
        for path in ("", "/halls", "/codes"):
            answer = await clerk.page.goto(f"{shop}planner{path}")
            assert answer is not None
            assert answer.status == 403
