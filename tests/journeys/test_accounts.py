"""An account from its first letter to its last log-out, as a person in Chromium meets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.mailbox import letter, link
from tests.journeys.test_accessibility import violations

GOOD, OTHER = "drie natte zeehonden", "vier droge parasols"
SHOTS: Path | None = None


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


def someone(house: House) -> str:
    """An address that nobody had before."""
    house.persons.add("Noor Achterduin")
    return f"noor.{uuid4().hex[:8]}@example.org"


async def press(page: Page) -> None:
    """Send the form of this page."""
    await page.locator("main form button").first.click()


async def opened(page: Page, house: House, email: str) -> None:
    """Open an account at an address, by the letter that it gets."""
    await page.goto(f"{house.endpoints['shop']}register")
    await page.fill("#email", email)
    await press(page)
    await page.goto(await link(house, email, "Open je account"))
    await page.fill("#name", "Noor Achterduin")
    await page.fill("#password", GOOD)
    await press(page)
    await page.wait_for_url("**/account?saved=entered")


async def log_in(page: Page, house: House, email: str, password: str) -> None:
    """Log in by the form."""
    await page.goto(f"{house.endpoints['shop']}login")
    await page.fill("#user", email)
    await page.fill("#password", password)
    await press(page)


@pytest.mark.requirement("G-01")
@pytest.mark.requirement("G-60")
async def test_from_the_first_letter_to_logging_out_everywhere(house: House, browser: Browser) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    async with person(browser, screen=PHONE) as phone, person(browser, script=False) as desk:
        await phone.page.goto(f"{shop}login")
        await phone.page.get_by_text("Open een account").click()
        await phone.page.fill("#email", "geen adres")
        await press(phone.page)
        await expect(phone.page.locator(".summary")).to_be_visible()
        assert await violations(phone.page) == []
        await phone.page.fill("#email", email)
        await press(phone.page)
        await expect(phone.page.locator("main")).to_contain_text("Kijk in je mailbox")
        await phone.page.goto(await link(house, email, "Open je account"))
        assert phone.page.url == f"{shop}letter"
        await phone.page.fill("#name", "Noor Achterduin")
        await phone.page.fill("#password", "password")
        await expect(phone.page.locator(".strength")).to_contain_text("te raden", timeout=5_000)
        await press(phone.page)
        await expect(phone.page.locator("#password-error")).to_be_visible()
        assert await phone.page.input_value("#name") == "Noor Achterduin"
        assert await violations(phone.page) == []
        await phone.page.fill("#password", GOOD)
        await expect(phone.page.locator(".strength")).to_contain_text("sterk", timeout=5_000)
        await press(phone.page)
        await expect(phone.page.locator("h1")).to_have_text("Account en veiligheid")
        assert await violations(phone.page) == []
        assert await phone.overflow() <= 0

        await phone.page.goto(f"{shop}my-data")
        await phone.page.get_by_role("link", name="Meer over jou").click()
        assert await violations(phone.page) == []
        assert await phone.overflow() <= 0
        await phone.page.fill("#town", "Oostende")
        await phone.page.fill("#birth_date", "2999-01-01")
        await press(phone.page)
        await expect(phone.page.locator("#birth_date-error")).to_contain_text("geboortedatum")
        assert await phone.page.input_value("#town") == "Oostende"
        assert await violations(phone.page) == []
        await phone.page.fill("#birth_date", "1984-02-29")
        await press(phone.page)
        await expect(phone.page.locator("main")).to_contain_text("Wat je leegmaakte, is weg")
        assert await phone.page.input_value("#birth_date") == "1984-02-29"

        await log_in(desk.page, house, email, GOOD)
        await expect(desk.page.locator("h1")).to_have_text("Je gegevens")
        await letter(house, email, "nieuw toestel")
        await desk.page.goto(f"{shop}account")
        await expect(desk.page.locator("#where ~ ul li").first).to_contain_text("dit toestel")
        await desk.page.get_by_text("Meld alle andere toestellen af").click()
        await expect(desk.page.locator("main")).to_contain_text("Afgemeld")
        for _ in range(20):
            await phone.page.goto(f"{shop}account")
            if phone.page.url.startswith(f"{shop}login"):
                break
            await asyncio.sleep(0.25)
        assert phone.page.url.startswith(f"{shop}login")
        await desk.page.goto(f"{shop}account")
        await expect(desk.page.locator("h1")).to_have_text("Account en veiligheid")


@pytest.mark.requirement("G-14")
async def test_a_forgotten_password_is_chosen_anew_and_the_link_works_once(
    house: House, browser: Browser
) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    async with person(browser, screen=DESK) as owner, person(browser, script=False) as thief:
        await opened(owner.page, house, email)
        await owner.page.goto(f"{shop}forgot")
        await owner.page.fill("#email", email)
        await press(owner.page)
        found = await link(house, email, "nieuw wachtwoord")
        await owner.page.goto(found)
        await owner.page.fill("#password", OTHER)
        await press(owner.page)
        await expect(owner.page.locator("main")).to_contain_text("Je bent aangemeld")
        await thief.page.goto(found)
        await expect(thief.page.locator("h1")).to_contain_text("al gebruikt of te oud")
        await log_in(thief.page, house, email, GOOD)
        await expect(thief.page.locator(".summary")).to_be_visible()
        await letter(house, email, "wachtwoord is gewijzigd")


@pytest.mark.requirement("W-41")
async def test_an_address_changes_when_both_mailboxes_said_yes(house: House, browser: Browser) -> None:
    email, other, shop = someone(house), someone(house), house.endpoints["shop"]
    async with person(browser, script=False) as owner, person(browser, script=False) as reader:
        await opened(owner.page, house, email)
        await owner.page.goto(f"{shop}my-data")
        await owner.page.fill("#email", other)
        await owner.page.locator("form[action='/my-data/correct'] button").click()
        await expect(owner.page.locator(".summary")).to_contain_text("Account en veiligheid")
        await owner.page.goto(f"{shop}account")
        await owner.page.fill("#email", other)
        await owner.page.fill("#own_password", GOOD)
        await owner.page.locator("form[action='/account/email'] button").click()
        await expect(owner.page.locator("main")).to_contain_text("beide mails")
        for address, subject, told in (
            (other, "nieuwe e-mailadres", "Nu nog een ja"),
            (email, "ander e-mailadres", "Je e-mailadres is nu"),
        ):
            await reader.page.goto(await link(house, address, subject))
            await press(reader.page)
            await expect(reader.page.locator("main")).to_contain_text(told)
        await log_in(reader.page, house, other, GOOD)
        await expect(reader.page.locator("h1")).to_have_text("Je gegevens")


@pytest.mark.requirement("F-26")
async def test_the_pages_of_the_account_fit_and_follow_the_rules_in_each_language(
    house: House, browser: Browser
) -> None:
    shop = house.endpoints["shop"]
    for language, screen in (("nl-BE", PHONE), ("fr-BE", PHONE), ("en-GB", DESK)):
        async with person(browser, language=language, screen=screen) as one:
            for path in ("register", "register?sent=1", "forgot", "forgot?sent=1"):
                await one.page.goto(shop + path)
                assert await violations(one.page) == []
                assert await one.overflow() <= 0
            assert not one.complaints
