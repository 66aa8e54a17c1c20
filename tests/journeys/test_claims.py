"""Somebody bought as a guest, has an account by now, and opens the link in the mail: all six, for real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urljoin

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.demo.expecting import until
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.census import Needles, in_dumps
from tests.journeys.knocking import AT_ONCE, Doors, by_letter, doors_of, link_of, ordered, paid
from tests.journeys.test_accessibility import violations
from tests.journeys.test_accounts import opened, someone
from tests.journeys.test_census import KEPT_BY_ID


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as found:
        yield found


@pytest.mark.requirement("G-02")
@pytest.mark.requirement("G-60")
@pytest.mark.requirement("W-42")
async def test_a_guests_order_is_kept_seen_and_erased_with_the_account(
    house: House, doors: Doors, browser: Browser
) -> None:
    shop, guest, buyer = house.endpoints["shop"], doors.guest(), doors.buyer()
    order = await paid(doors, guest, await ordered(doors, guest, buyer))
    link = urljoin(shop, await until(lambda: link_of(doors, buyer), "a mail with a link", AT_ONCE))
    subject = (await (await by_letter(doors, buyer)).get("/me"))["subject"]
    async with person(browser, screen=PHONE) as owner, person(browser, script=False, screen=DESK) as other:
        await opened(owner.page, house, someone(house))
        await owner.page.goto(link)
        assert owner.page.url == f"{shop}claim"
        assert await violations(owner.page) == []
        assert await owner.overflow() <= 0
        await owner.page.get_by_role("button", name="Zet ze bij mijn account").click()
        await expect(owner.page.locator("main")).to_contain_text("staat nu bij je account")
        await expect(owner.page.locator("#bought ~ ul a")).to_have_attribute("href", f"/order/{order['id']}")
        await owner.page.locator("#bought ~ ul a").click()
        await expect(owner.page.locator("main")).to_contain_text(order["number"])
        pdf = await owner.page.request.get(f"{shop}order/{order['id']}/tickets.pdf")
        assert (pdf.status, (await pdf.body())[:4]) == (200, b"%PDF")

        await owner.page.get_by_role("link", name="Namen op de tickets").click()
        assert await violations(owner.page) == []
        assert await owner.overflow() <= 0
        await owner.page.locator("main form input").first.fill("Lore")
        await owner.page.get_by_role("button", name="Bewaar").click()
        await expect(owner.page.locator("main")).to_contain_text("Bewaard")
        await expect(owner.page.locator("main form input").first).to_have_value("Lore")

        await owner.page.goto(link)
        assert owner.page.url == f"{shop}my-data"
        await expect(owner.page.locator("header")).to_contain_text("Afmelden")

        await opened(other.page, house, someone(house))
        await other.page.goto(link)
        await other.page.get_by_role("button", name="Zet ze bij mijn account").click()
        await expect(other.page.locator("main")).to_contain_text("al bij een ander account")
        await other.page.get_by_role("button", name="Alleen bekijken").click()
        assert other.page.url == f"{shop}my-data"
        await expect(other.page.locator("#email")).to_have_value(buyer.email)

        await _erases(owner.page, shop)
        await _is_nowhere(house, subject)
        reply = await doors.guest().page(link)
        assert reply.status == 410


async def _erases(page: Page, shop: str) -> None:
    await page.goto(f"{shop}my-data/erase")
    await page.check("#understood")
    await page.locator("main form button").first.click()
    await page.wait_for_url("**/my-data/erased/*")


async def _is_nowhere(house: House, subject: str) -> None:
    """Until the last service answered, the id of the guest may still stand somewhere."""
    left: set[str] = {"everywhere"}
    for _ in range(40):
        found = await in_dumps(Needles.of([subject]), house.instance, house.endpoints["databases"])
        left = {place for place in found if place.split(".")[1] not in KEPT_BY_ID}
        if not left:
            return
        await asyncio.sleep(0.5)
    assert left == set()
