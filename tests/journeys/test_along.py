"""After buying: what goes along in one's own calendar, and tickets that were lost and are sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from playwright.async_api import Browser, expect

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.mailbox import letter, letters, own_link
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
    told = str((await letter(house, email, SUBJECT))["text"])
    async with person(browser, screen=PHONE) as elsewhere:
        page = elsewhere.page
        await page.goto(next(word for word in told.split() if "?to=order." in word))
        await expect(page.locator(".ticket")).to_have_count(1)
        link = page.get_by_role("link", name="In Apple Wallet")
        await expect(page.get_by_role("link", name="In Google Wallet")).to_have_count(0)
        made = await page.request.get(
            house.endpoints["shop"].rstrip("/") + str(await link.get_attribute("href"))
        )
        assert made.headers["content-type"] == "application/vnd.apple.pkpass"
        assert (await made.body()).startswith(b"PK")
        assert elsewhere.hosts == {urlsplit(house.endpoints["shop"]).netloc}
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


@pytest.mark.requirement("G-63")
async def test_after_an_erasure_nothing_can_be_sent_again_and_that_was_said_before(
    house: House, browser: Browser
) -> None:
    email = "mona.vergeten@example.org"
    async with person(browser, screen=PHONE) as buyer:
        page = buyer.page
        await buy(page, house, email=email)
        number = await page.locator("b.figure").last.inner_text()
        # Whoever erases everything proves who they are: by the link of their mail.
        await page.goto(await own_link(house, email, "tickets"))
        await page.goto(house.endpoints["shop"] + "my-data/erase")
        await expect(page.locator("main")).to_contain_text("daarna niet opnieuw sturen")
        await page.check("#understood")
        await page.locator("form button.button-bad").click()
        await letters(house, email, "gewist", 1)
    async with person(browser, screen=DESK) as clerk:
        page = clerk.page
        await log_in(page, house, "box_office", "boxoffice")
        for sought, found in ((email, "Niets gevonden"), (number, "Geen adres waar we naar mogen schrijven")):
            await page.goto(house.endpoints["shop"] + "counter/find")
            await page.fill("#sought", sought)
            await page.select_option("#reason", "customer-asked")
            await page.get_by_role("button", name="Zoek").click()
            await expect(page.locator("main")).to_contain_text(found)
        await expect(page.get_by_role("button", name="Stuur opnieuw")).to_have_count(0)
        assert await violations(page) == []
