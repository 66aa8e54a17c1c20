"""An invoice for an organisation, from the page of a paid order to the paper."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect
from pypdf import PdfReader

from tests.conftest import House
from tests.journeys.browser import PHONE, chromium, person
from tests.journeys.test_accessibility import small, violations
from tests.journeys.test_pages import buy


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.mark.requirement("F-61")
async def test_a_buyer_gets_an_invoice_on_paper_and_a_mistake_loses_nothing(
    house: House, browser: Browser
) -> None:
    async with person(browser, script=False, screen=PHONE) as buyer:
        page = buyer.page
        await buy(page, house, seats=2)
        number = await page.locator("b.figure").last.inner_text()
        await page.get_by_role("link", name="Factuur voor een organisatie").click()
        await expect(page.locator("main")).to_contain_text("zoals de btw-wet voorschrijft")
        await page.fill("#organisation", "Koor De Branding vzw")
        await page.fill("#postal_code", "8499")
        await page.fill("#town", "Duinkapelle")
        await page.fill("#vat_number", "BE 0403.019.262")
        make = page.get_by_role("button", name="Maak de factuur")
        await make.click()
        await expect(page.locator("#street-error")).to_contain_text("ontbreekt")
        await page.fill("#street", "Duinweg 4")
        await make.click()
        await expect(page.locator("#vat_number-error")).to_contain_text("btw-nummer klopt niet")
        await expect(page.locator("#organisation")).to_have_value("Koor De Branding vzw")
        await expect(page.locator("#street")).to_have_value("Duinweg 4")
        assert await small(page, 24) == []
        assert await buyer.overflow() <= 0
        await page.fill("#vat_number", "BE 0403.019.261")
        await make.click()
        paper = page.get_by_role("link", name="Factuur als PDF")
        await expect(page.get_by_role("status")).to_contain_text("is klaar")
        assert await buyer.overflow() <= 0
        link = house.endpoints["shop"].rstrip("/") + str(await paper.get_attribute("href"))
        got = await page.request.get(link)
        (sheet,) = PdfReader(io.BytesIO(await got.body())).pages
        text = sheet.extract_text()
        for word in (
            "De Vloedlijn vzw",
            "Koor De Branding vzw",
            "BE0403019261",
            number,
            "Zout",
            "6%",
            "Betaald",
        ):
            assert word in text, word
    async with person(browser, screen=PHONE) as reader:
        page = reader.page
        await buy(page, house)
        await page.get_by_role("link", name="Factuur voor een organisatie").click()
        assert await violations(page) == []
        await page.get_by_role("button", name="Maak de factuur").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await violations(page) == []
