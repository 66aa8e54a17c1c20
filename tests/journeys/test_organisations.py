"""An organisation comes to sell here: signed up on a phone, looked at by the house, kept by its owner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.demo.second_step import code_of
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, Person, chromium, person
from tests.journeys.mailbox import letter
from tests.journeys.test_accessibility import violations
from tests.journeys.test_accounts import GOOD, log_in, opened, someone
from tests.second_step import fill_in, fresh_code

NAME = "Koor De Zeeleeuw"
TYPED = {
    "organisation": NAME,
    "legal_name": "De Zeeleeuw vzw",
    "registration": "0403.019.261",
    "street": "Kaai 12",
    "postal_code": "8400",
    "town": "Oostende",
    "phone": "+32 59 00 00 01",
    "iban": "BE68 5390 0754 7035",
}


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def well(one: Person) -> None:
    """The page in front of somebody can be used by everybody, and fits."""
    assert await violations(one.page) == []
    assert await one.overflow() <= 0


async def signs_up(singer: Person, house: House) -> None:
    page = singer.page
    await page.goto(house.endpoints["shop"])
    await page.locator("footer").get_by_text("Organisatie aanmelden").click()
    for name, value in TYPED.items():
        await page.fill(f"#{name}", value)
    await page.get_by_role("button", name="Meld je organisatie aan").click()
    await expect(page.locator("#iban-error")).to_contain_text("rekeningnummer klopt niet")
    assert await page.input_value("#legal_name") == "De Zeeleeuw vzw"
    await well(singer)
    await page.fill("#iban", "BE68 5390 0754 7034")
    await page.get_by_role("button", name="Meld je organisatie aan").click()
    await expect(page.locator("main")).to_contain_text(f"{NAME} is aangemeld")
    await well(singer)


async def looks(chief: Person, house: House) -> None:
    page, login = chief.page, house.endpoints["logins"]["administrator"]
    await page.goto(f"{house.endpoints['shop']}login?next=/organisations")
    await fill_in(page, house.instance, login)
    await expect(page.locator("main tbody tr", has_text=NAME)).to_have_count(1)
    await well(chief)
    await page.get_by_role("link", name=NAME).click()
    await expect(page.locator("main")).to_contain_text("BE68539007547034")
    await page.get_by_role("button", name="Aanvaard niet").click()
    await expect(page.locator("#ground-error")).to_be_visible()
    await well(chief)
    await page.get_by_role("button", name="Nagekeken: ze klopt").click()
    await expect(page.locator("main")).to_contain_text("De eigenaar kan beginnen")


async def begins(page: Page, house: House, email: str) -> dict[str, str]:
    """Log in anew, with an app as second step; returns what its codes are made of."""
    await log_in(page, house, email, GOOD)
    await page.wait_for_url("**/account/app")
    key = "".join(await page.locator(".app-key span").all_text_contents())
    await page.fill("#code", code_of({"totp": key}))
    await page.get_by_role("button", name="Voeg toe").click()
    await expect(page.locator("h1")).to_have_text("Je herstelcodes")
    return {"user": email, "totp": key}


@pytest.mark.requirement("W-01")
@pytest.mark.requirement("W-03")
async def test_an_organisation_signs_up_is_looked_at_and_keeps_its_data(
    house: House, browser: Browser
) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    async with person(browser, screen=PHONE) as singer, person(browser, screen=DESK) as chief:
        await singer.page.goto(f"{shop}organisation/sign-up")
        await expect(singer.page.locator("main")).to_contain_text("Open eerst een account")
        await well(singer)
        await opened(singer.page, house, email)
        await signs_up(singer, house)
        await looks(chief, house)
        await letter(house, email, "mag hier verkopen")
        login = await begins(singer.page, house, email)
        await singer.page.goto(f"{shop}organisation")
        await expect(singer.page.locator("main")).to_contain_text("eindigt op 7034")
        await singer.page.get_by_text("Wijzig", exact=True).click()
        await well(singer)
        await singer.page.fill("#town", "Gent")
        await singer.page.get_by_role("button", name="Bewaar").click()
        if await singer.page.locator("#code").count():
            await singer.page.fill("#code", await fresh_code(house.instance, login))
            await singer.page.locator("main form button").first.click()
        await expect(singer.page.locator("main")).to_contain_text("8400 Gent")
        await letter(house, email, "zijn gewijzigd")


@pytest.mark.requirement("W-01")
async def test_a_colleague_is_invited_begins_and_leaves(house: House, browser: Browser) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    async with person(browser, screen=DESK) as owner, person(browser, screen=PHONE) as newcomer:
        await opened(newcomer.page, house, email)
        await owner.page.goto(f"{shop}login?next=/organisation")
        await fill_in(owner.page, house.instance, house.endpoints["logins"]["organiser"])
        await owner.page.fill("#email", "geen adres")
        await owner.page.get_by_role("button", name="Nodig uit").click()
        await expect(owner.page.locator(".summary")).to_be_visible()
        assert await owner.page.input_value("#email") == "geen adres"
        await owner.page.fill("#email", email)
        await owner.page.get_by_role("button", name="Nodig uit").click()
        await expect(owner.page.locator("main")).to_contain_text("De uitnodiging is onderweg")
        await letter(house, email, "voor een organisatie werken")

        await newcomer.page.goto(f"{shop}account")
        await expect(newcomer.page.locator("#roles ~ ul")).to_contain_text("Festival Kantelpunt: medewerker")
        await well(newcomer)
        await newcomer.page.get_by_role("button", name="Ja, graag").click()
        await expect(newcomer.page.locator("main")).to_contain_text("zodra een eigenaar je laat beginnen")
        await owner.page.reload()
        await well(owner)
        row = owner.page.locator("#people ~ ul li", has_text=email)
        await row.get_by_role("button", name="Laat beginnen").click()
        await expect(owner.page.locator("main")).to_contain_text("Deze persoon kan beginnen")
        await begins(newcomer.page, house, email)
        await newcomer.page.goto(f"{shop}organisation")
        await expect(newcomer.page.locator("main")).to_contain_text("Je werkt voor deze organisatie")
        await expect(newcomer.page.get_by_role("button", name="Nodig uit")).to_have_count(0)
        await well(newcomer)
        await row.locator("summary").click()
        await row.get_by_role("button", name="Beëindig deze rol").click()
        await expect(owner.page.locator("main")).to_contain_text("handelt niet meer voor jullie")
        for _ in range(20):
            await newcomer.page.goto(f"{shop}organisation")
            if newcomer.page.url.startswith(f"{shop}login"):
                break
            await asyncio.sleep(0.1)
        assert newcomer.page.url.startswith(f"{shop}login")
