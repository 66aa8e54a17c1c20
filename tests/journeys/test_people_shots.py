"""Customer service in Chromium: somebody is looked up, and what they asked for is done (G-64)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.test_accessibility import small, tab_to, violations
from tests.second_step import fill_in


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def at_work(page: Page, house: House, role: str, language: str = "nl") -> None:
    await page.goto(f"{house.endpoints['shop']}login?next=/people&lang={language}")
    await fill_in(page, house.instance, house.endpoints["logins"][role])
    await page.wait_for_url(f"{house.endpoints['shop']}people")


async def look_up(page: Page, sought: str) -> None:
    await page.fill("#sought", sought)
    await page.select_option("#reason", "rights-request")
    await page.locator("main form.narrow button").first.click()


@pytest.mark.requirement("G-64")
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_clerk_signs_somebody_off_after_a_call_with_the_case_as_proof(
    house: House, browser: Browser, screen: dict[str, int]
) -> None:
    visitor = house.endpoints["logins"]["visitor"]
    async with person(browser, screen=screen) as clerk:
        page = clerk.page
        await at_work(page, house, "box_office")
        await page.fill("#sought", visitor["user"])
        await page.locator("main form button").click()
        await expect(page.locator("#reason-error")).to_be_visible()
        assert await page.input_value("#sought") == visitor["user"]
        found = await violations(page)
        await look_up(page, visitor["user"])
        await expect(page.locator("#found ~ ul")).to_contain_text(visitor["name"])
        assert visitor["user"] not in page.url
        found += await violations(page)
        await page.locator("#found ~ ul button").first.click()
        await expect(page.locator("h1")).to_have_text(visitor["name"])
        switch = page.locator("button[value^='benefits:']")
        before = await switch.get_attribute("aria-checked")
        await page.fill("#case_number", "?")
        await page.locator("input[value=phone]").check()
        await switch.click()
        await expect(page.locator("#case_number-error")).to_be_visible()
        await page.fill("#case_number", "TEL-2026-117")
        await page.press("#case_number", "Enter")
        await expect(page.locator("#case_number-error")).to_be_visible()
        await tab_to(page, "button[value^='benefits:']")
        await page.keyboard.press("Space")
        await expect(page.locator(".notice-good")).to_contain_text("TEL-2026-117")
        after = await page.locator("button[value^='benefits:']").get_attribute("aria-checked")
        assert {before, after} == {"true", "false"}
        found += await violations(page) + await small(page, 24)
        assert found == []
        assert await clerk.overflow() <= 0


@pytest.mark.requirement("F-70")
async def test_the_privacy_desk_shields_somebody_and_the_supervisor_sees_the_name_by_a_second_step(
    house: House, browser: Browser
) -> None:
    visitor = house.endpoints["logins"]["visitor_two"]
    async with person(browser, screen=PHONE) as officer, person(browser, screen=DESK) as supervisor:
        page = officer.page
        await at_work(page, house, "privacy_officer")
        await look_up(page, visitor["user"])
        await page.locator("#found ~ ul button").first.click()
        await page.locator("input[value=known]").check()
        await page.get_by_role("button", name="Scherm af vanaf nu").click()
        await expect(page.locator(".notice-good")).to_contain_text("afgeschermd")
        await page.screenshot(path="/tmp/shield_done_390.png", full_page=True)
        found = await violations(page)
        assert await officer.overflow() <= 0
        await at_work(supervisor.page, house, "supervisor")
        for _ in range(20):
            await look_up(supervisor.page, visitor["user"])
            if visitor["name"] not in await supervisor.page.inner_text("main"):
                break
        await expect(supervisor.page.locator("#found ~ ul")).to_contain_text("Afgeschermde persoon")
        await supervisor.page.locator("#found ~ ul button").first.click()
        await expect(supervisor.page.locator("h1")).to_have_text("Afgeschermde persoon")
        await expect(supervisor.page.locator(".switches")).to_have_count(0)
        await supervisor.page.screenshot(path="/tmp/shield_sup_1280.png", full_page=True)
        found += await violations(supervisor.page)
        await supervisor.page.get_by_role("button", name="Toon de naam").click()
        await expect(supervisor.page.locator("h1")).to_have_text(visitor["name"])
        await page.goto(f"{house.endpoints['shop']}people")
        await expect(page.locator("#shields ~ ul")).to_contain_text("Iedereen kent hen")
        await page.screenshot(path="/tmp/shield_list_390.png", full_page=True)
        await page.set_viewport_size(DESK)
        await page.screenshot(path="/tmp/shield_list_1280.png", full_page=True)
        await page.set_viewport_size(PHONE)
        found += await violations(page)
        await look_up(page, visitor["user"])
        await page.locator("#found ~ ul button").first.click()
        await page.locator("summary", has_text="Niet meer afschermen").click()
        await page.get_by_role("button", name="Stop het afschermen").click()
        await expect(page.locator(".notice-good")).to_contain_text("niet meer afgeschermd")
        assert found == []
