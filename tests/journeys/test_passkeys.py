"""Passkeys as a person in Chromium has them: made, used to come in and to confirm, named and taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.demo.second_step import code_of
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.mailbox import letter
from tests.journeys.test_accessibility import violations
from tests.journeys.test_accounts import GOOD, log_in, opened, press, someone

OPTIONS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def with_authenticator(page: Page) -> tuple[Any, str]:
    """A device that makes passkeys, in this browser: what speaks to it, and its id."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": OPTIONS})
    return devtools, made["authenticatorId"]


@pytest.mark.requirement("F-74")
@pytest.mark.requirement("G-71")
async def test_a_passkey_is_added_comes_in_without_a_password_and_is_taken_away(
    house: House, browser: Browser
) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    async with person(browser, screen=PHONE) as one:
        page = one.page
        devtools, device = await with_authenticator(page)
        await opened(page, house, email)
        await page.get_by_text("Voeg een passkey toe").first.click()
        await page.fill("#passkey_name", "Mijn telefoon")
        assert await violations(page) == []
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Je herstelcodes")
        assert await violations(page) == []
        assert await one.overflow() <= 0
        codes = await page.locator(".recovery code").all_text_contents()
        assert len(set(codes)) == 10
        await letter(house, email, "extra stap")
        await page.goto(f"{shop}account")
        await expect(page.locator("#factors ~ ul")).to_contain_text("Mijn telefoon")

        await page.locator("form[action='/logout'] button").click()
        await log_in(page, house, email, GOOD)
        await page.wait_for_url("**/login/code")
        assert await violations(page) == []
        await page.get_by_role("button", name="Meld je aan met een passkey").click()
        await page.wait_for_url("**/my-data")

        await page.locator("form[action='/logout'] button").click()
        await page.goto(f"{shop}login")
        assert await violations(page) == []
        await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        await page.get_by_role("button", name="Meld je aan met een passkey").click()
        await expect(page.locator("[data-failed]")).to_be_visible()
        await devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
        await page.get_by_role("button", name="Meld je aan met een passkey").click()
        await page.wait_for_url("**/my-data")

        await page.goto(f"{shop}account/app")
        assert await violations(page) == []
        assert await one.overflow() <= 0
        await page.goto(f"{shop}account/confirm?to=/account")
        assert await violations(page) == []
        await page.get_by_role("button", name="Bevestig met je passkey").click()
        await page.wait_for_url(f"{shop}account")
        await page.locator("form[action='/account/factors'] button").click()
        await page.wait_for_url("**/account?saved=factor_removed")
        await letter(house, email, "is verwijderd")
        # The device still has the passkey, and the house knows it no more.
        await page.locator("form[action='/logout'] button").click()
        await page.goto(f"{shop}login")
        await page.get_by_role("button", name="Meld je aan met een passkey").click()
        await expect(page.locator(".summary")).to_contain_text("niet herkend")


@pytest.mark.requirement("G-71")
async def test_an_app_is_added_by_typing_and_a_recovery_code_brings_somebody_back(
    house: House, browser: Browser
) -> None:
    email = someone(house)
    async with person(browser, script=False, screen=DESK) as one:
        page = one.page
        await opened(page, house, email)
        await page.get_by_text("Voeg een codeapp toe").click()
        key = "".join(await page.locator(".app-key span").all_text_contents())
        await page.fill("#code", "000000")
        await press(page)
        await expect(page.locator("#code-error")).to_contain_text("klopt niet")
        assert "".join(await page.locator(".app-key span").all_text_contents()) == key
        await page.fill("#code", code_of({"totp": key}))
        await press(page)
        await expect(page.locator("h1")).to_have_text("Je herstelcodes")
        code = (await page.locator(".recovery code").all_text_contents())[0]
        await page.locator("form[action='/logout'] button").click()
        for wanted in ("**/my-data", "**/login/code"):
            await log_in(page, house, email, GOOD)
            await page.fill("#code", code.lower())
            await press(page)
            await page.wait_for_url(wanted)
            if wanted == "**/my-data":
                await letter(house, email, "herstelcode")
                await page.locator("form[action='/logout'] button").click()
        await expect(page.locator(".summary")).to_contain_text("al gebruikt")
