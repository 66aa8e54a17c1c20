"""Before something dangerous the house asks again who it is, and then goes on as it was asked (G-71)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local import postgres
from deploy.topology.database import database_of, dsn_as
from services.accounts.passwords import user_key
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.test_accessibility import violations
from tests.second_step import fill_in, fresh_code

AGE = """
UPDATE session SET proved_at = proved_at - interval '1 hour'
WHERE subject_id = (SELECT subject_id FROM login WHERE user_key = $1)
"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def since_an_hour(house: House, role: str, page: Page) -> None:
    """Somebody who logged in an hour ago sits at this page; no service was asked for anything yet."""
    await page.goto(f"{house.endpoints['shop']}login?next=/account")
    await fill_in(page, house.instance, house.endpoints["logins"][role])
    await page.wait_for_url(f"{house.endpoints['shop']}account")
    connection = await asyncpg.connect(dsn_as(postgres.of(house.instance).dsn, database_of("accounts")))
    try:
        await connection.execute(AGE, user_key(house.endpoints["logins"][role]["user"]))
    finally:
        await connection.close()


@pytest.mark.requirement("G-71")
async def test_an_officer_proves_it_with_a_code_and_nothing_typed_is_lost(
    house: House, browser: Browser
) -> None:
    async with person(browser, screen=DESK) as one:
        page = one.page
        await since_an_hour(house, "privacy_officer", page)
        await page.goto(house.endpoints["privacy"])
        await page.locator("[name=as_of]").fill("1990-01-01")
        await page.locator("form[action='/privacy-desk/sweeps'] button").click()
        await expect(page.locator("h1")).to_have_text("Ben jij het?")
        assert await violations(page) == []
        await page.fill("#proof_code", "000000")
        await page.locator("main form button").click()
        await expect(page.locator(".summary")).to_contain_text("klopt niet")
        login = house.endpoints["logins"]["privacy_officer"]
        await page.fill("#proof_code", await fresh_code(house.instance, login))
        await page.locator("main form button").click()
        await page.wait_for_url("**/privacy-desk#sweeps")
        await expect(page.locator("#sweeps").locator("xpath=..")).to_contain_text("1990")


@pytest.mark.requirement("G-71")
async def test_a_visitor_proves_it_with_the_password(house: House, browser: Browser) -> None:
    async with person(browser, script=False, screen=PHONE) as one:
        page = one.page
        await since_an_hour(house, "visitor_two", page)
        await page.goto(f"{house.endpoints['shop']}my-data")
        await page.locator("form[action='/my-data/copy'] button").click()
        await expect(page.locator("h1")).to_have_text("Ben jij het?")
        await page.fill("#proof_password", house.endpoints["logins"]["visitor_two"]["password"])
        await page.locator("main form button").click()
        await page.wait_for_url("**/my-data/copy/*")
