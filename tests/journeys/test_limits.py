"""A purchase limit from the planner to the buyer, to the person who looks again, and the mail (W-46)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import House
from tests.journeys.browser import PHONE, chromium, person
from tests.journeys.mailbox import letter
from tests.journeys.test_accessibility import small, violations
from tests.journeys.test_planner import enter, save

SLUG, EMAIL = "hoogspanning", "wies@klas.example"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture
async def limited(house: House, browser: Browser) -> AsyncIterator[None]:
    """An evening of which one buyer may have two places, until the test is over."""
    await _limit(house, browser, "2")
    yield
    await _limit(house, browser, "")


async def _limit(house: House, browser: Browser, most: str) -> None:
    async with person(browser, script=False) as planner:
        shop = await enter(planner.page, house)
        await planner.page.goto(shop + "planner")
        await planner.page.locator("tbody a", has_text="Hoogspanning").first.click()
        await planner.page.locator("details summary", has_text="Meer").first.click()
        await planner.page.fill("[name=buyer_limit]", most)
        await save(planner.page, "form:has([name=buyer_limit])")


async def choose(page: Page, shop: str, places: int) -> None:
    """Hold standing places, and type who buys."""
    await page.goto(f"{shop}e/{SLUG}")
    await page.locator("input[name^='standing.']").first.fill(str(places))
    await page.locator("form.hold button").last.click()
    await page.fill("#name", "Wies Zandloper")
    await page.fill("#email", EMAIL)


@pytest.mark.requirement("W-46", "F-68")
async def test_a_machine_explains_itself_and_a_person_decides(
    house: House, browser: Browser, limited: None
) -> None:
    house.persons.add("Wies Zandloper")
    async with person(browser, screen=PHONE) as buyer, person(browser) as officer:
        page, shop = buyer.page, str(house.endpoints["shop"])
        await page.goto(f"{shop}e/{SLUG}")
        await expect(page.locator("main")).to_contain_text("Hoogstens 2 plaatsen per koper")
        await choose(page, shop, 5)
        await page.locator("form[action$='/pay'] .pay button").click()
        told = page.locator(".limit")
        await expect(told).to_contain_text("Een computer heeft dit beslist")
        await expect(told).to_contain_text("telden we er al 0; nu vraag je er 5")
        assert await violations(page) + await small(page, 24) == []
        assert await buyer.overflow() == 0

        await told.locator("button").click()
        await expect(page.locator("#view-error")).to_contain_text("in een paar woorden")
        await page.fill("#view", "Ik kom met een klas van vijf.")
        await told.locator("button").click()
        await expect(page.locator(".limit")).to_contain_text("We hebben je vraag")
        await expect(page.locator("#email")).to_have_value(EMAIL)

        await enter(officer.page, house, "privacy_officer")
        await _answers(officer.page, shop)
        mail = await letter(house, EMAIL, "Je vraag over")
        assert "Je krijgt 3 plaatsen meer" in mail["text"]
        assert "Een klas mag samen komen." in mail["text"]

        await choose(page, shop, 5)
        await page.locator("form[action$='/pay'] .pay button").click()
        await expect(page).not_to_have_url(f"{shop}basket/pay")


async def _answers(page: Page, shop: str) -> None:
    """The privacy desk shows numbers and words, wants reasons, and decides once."""
    case = page.locator("tbody a", has_text="Beslissing herbekijken")
    for _ in range(100):
        await page.goto(shop + "privacy-desk")
        await expect(page.locator("h1")).to_have_text("Privacydesk")
        if await case.count():
            break
        await asyncio.sleep(0.2)
    await case.first.click()
    await expect(page.locator(".open-case")).to_contain_text("Geteld: 0; gevraagd: 5")
    await expect(page.locator(".open-case")).to_contain_text("Ik kom met een klas van vijf.")
    assert await violations(page) == []
    await page.fill("[name=granted]", "3")
    await page.locator("form[action$='/review'] button").click()
    await expect(page.locator("#reasons-error")).to_be_visible()
    await expect(page.locator("[name=granted]")).to_have_value("3")
    await page.fill("[name=reasons]", "Een klas mag samen komen.")
    await page.locator("form[action$='/review'] button").click()
    await expect(page.locator(".open-case")).to_contain_text("3 plaatsen meer")
