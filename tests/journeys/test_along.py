"""After buying: what goes along in one's own calendar, and tickets that were lost and are sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from icalendar import Calendar
from playwright.async_api import Browser, expect

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.mailbox import letters
from tests.journeys.test_accessibility import small, violations
from tests.journeys.test_pages import buy, log_in

SUBJECT = "Je tickets voor"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.mark.requirement("F-20")
@pytest.mark.requirement("F-32")
async def test_lost_tickets_come_again_by_mail_from_the_page_and_from_the_counter(
    house: House, browser: Browser
) -> None:
    email = "sien.verloren@example.org"
    async with person(browser, screen=PHONE) as buyer:
        page = buyer.page
        await buy(page, house, email=email)
        number = await page.locator("b.figure").last.inner_text()
        calendar = page.get_by_role("link", name="In je agenda")
        file = await page.request.get(
            house.endpoints["shop"].rstrip("/") + str(await calendar.get_attribute("href"))
        )
        (entry,) = Calendar.from_ical(await file.text()).events
        assert page.url.split("?")[0] == entry["URL"]
        await letters(house, email, SUBJECT, 1)
        await page.get_by_role("button", name="Stuur ze nog eens per mail").click()
        await expect(page.locator(".notice")).to_contain_text("onderweg")
        assert await violations(page) == []
        await letters(house, email, SUBJECT, 2)
        await page.get_by_role("button", name="Stuur ze nog eens per mail").click()
        await expect(page.get_by_role("alert")).to_contain_text("net nog verstuurd")
        assert await violations(page) == []
        assert await small(page, 24) == []
        assert await buyer.overflow() <= 0
    async with person(browser, screen=DESK) as clerk:
        page = clerk.page
        await log_in(page, house, "box_office", "boxoffice")
        await page.get_by_role("link", name="Bestelling zoeken").click()
        await page.fill("#sought", email)
        await page.get_by_role("button", name="Zoek").click()
        await expect(page.get_by_role("alert")).to_contain_text("waarom")
        await expect(page.locator("#sought")).to_have_value(email)
        await page.select_option("#reason", "customer-asked")
        await page.get_by_role("button", name="Zoek").click()
        await expect(page.locator(".found")).to_contain_text(number)
        await expect(page.locator("main")).not_to_contain_text("Wannes")
        assert await violations(page) == []
        await page.get_by_role("button", name=f"Stuur opnieuw, {number}").click()
        await expect(page.get_by_role("alert")).to_contain_text("net nog verstuurd")
        assert await violations(page) == []
        assert email not in page.url
