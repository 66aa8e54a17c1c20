"""Coming to work for the house and leaving it, as an administrator and a newcomer in Chromium meet it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.demo.second_step import code_of
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.mailbox import letter
from tests.journeys.test_accessibility import violations
from tests.journeys.test_accounts import GOOD, log_in, opened, someone
from tests.second_step import fill_in


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def chief_at_work(page: Page, house: House) -> None:
    await page.goto(f"{house.endpoints['shop']}login?next=/team")
    await fill_in(page, house.instance, house.endpoints["logins"]["administrator"])
    await page.wait_for_url(f"{house.endpoints['shop']}team")


@pytest.mark.requirement("G-71")
async def test_a_newcomer_is_invited_says_yes_works_and_leaves(house: House, browser: Browser) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    async with person(browser, screen=DESK) as chief, person(browser, screen=PHONE) as newcomer:
        await opened(newcomer.page, house, email)
        await chief_at_work(chief.page, house)
        await chief.page.fill("#email", "geen adres")
        await chief.page.get_by_role("button", name="Nodig uit").click()
        await expect(chief.page.locator(".summary")).to_be_visible()
        assert await chief.page.input_value("#email") == "geen adres"
        await chief.page.fill("#email", email)
        await chief.page.select_option("#role", "steward")
        await chief.page.get_by_role("button", name="Nodig uit").click()
        await expect(chief.page.locator("main")).to_contain_text("De uitnodiging is onderweg")
        await letter(house, email, "voor ons werken")

        await newcomer.page.goto(f"{shop}account")
        await expect(newcomer.page.locator("#roles ~ ul")).to_contain_text("Deur")
        assert await violations(newcomer.page) == []
        assert await newcomer.overflow() <= 0
        await newcomer.page.get_by_role("button", name="Ja, graag").click()
        await expect(newcomer.page.locator("main")).to_contain_text("Het huis geeft nu de rol")

        await chief.page.reload()
        row = chief.page.locator("#waiting ~ ul li", has_text=email)
        assert await violations(chief.page) == []
        await row.get_by_role("button", name="Geef de rol").click()
        await expect(chief.page.locator("main")).to_contain_text("De rol is gegeven")
        await letter(house, email, "een rol in ons huis")

        await log_in(newcomer.page, house, email, GOOD)
        # A role needs a second step: whoever has none yet is led to one, from wherever they go.
        await newcomer.page.wait_for_url(f"{shop}account/app")
        await newcomer.page.goto(f"{shop}door")
        assert newcomer.page.url == f"{shop}account/app"
        assert await violations(newcomer.page) == []
        key = "".join(await newcomer.page.locator(".app-key span").all_text_contents())
        await newcomer.page.fill("#code", code_of({"totp": key}))
        await newcomer.page.get_by_role("button", name="Voeg toe").click()
        await expect(newcomer.page.locator("h1")).to_have_text("Je herstelcodes")
        await newcomer.page.goto(f"{shop}door")
        await expect(newcomer.page.locator("main")).to_contain_text("Welke voorstelling")
        member = chief.page.locator("#members ~ .scroll tr", has_text=email)
        await member.locator("summary").click()
        await member.get_by_role("button", name="Beëindig deze rol").click()
        await expect(chief.page.locator("main")).to_contain_text("De rol is beëindigd")
        for _ in range(20):
            await newcomer.page.goto(f"{shop}door")
            if newcomer.page.url.startswith(f"{shop}login"):
                break
            await asyncio.sleep(0.1)
        assert newcomer.page.url.startswith(f"{shop}login")
        assert newcomer.complaints == []
