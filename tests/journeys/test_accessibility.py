"""WCAG 2.2 AA on every page, buying by keyboard alone, controls that a thumb can hit.

axe-core finds what a machine can find; what it cannot (focus, order, size) is walked here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser, Frame, Page

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.test_pages import buy, choose, fill, log_in
from tests.second_step import fill_in

AXE = Path(__file__).parents[2] / "deploy" / "local" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PUBLIC = ("", "e/zout", "e/nachtmis-voor-meeuwen", "e/schemering", "privacy", "login", "basket", "nowhere")
DESKS = {
    "box_office": ("boxoffice", ("", "?event=zout", "?event=hoogspanning")),
    "steward": ("door", ("", "?event=zout")),
    "organiser": ("organiser", ("",)),
    "finance": ("books", ("",)),
    "privacy_officer": ("privacy", ("",)),
}
CHECK = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"]}).then(
    found => found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(" ")}`)))"""
SMALL = """least => [...document.querySelectorAll("a[href], button, input, select, summary")]
    .filter(one => one.type !== "hidden" && !one.matches(".skip"))
    .filter(one => one.tagName !== "A" || getComputedStyle(one).display !== "inline")
    .map(one => one.closest("label") ?? one)
    .filter(one => one.offsetWidth && (one.offsetWidth < least || one.offsetHeight < least))
    .map(one => `${one.outerHTML.slice(0, 90)} is ${one.offsetWidth} by ${one.offsetHeight}`)"""
UNSEEN = """() => {
    const one = document.activeElement, around = one.parentElement;
    const styles = [one, around, ...around.children].map(box => getComputedStyle(box));
    const drawn = styles.some(is => is.outlineStyle !== "none" && parseFloat(is.outlineWidth) >= 2);
    const {top, bottom} = one.getBoundingClientRect();
    return drawn && bottom > 0 && top < innerHeight ? "" : one.outerHTML.slice(0, 120);
}"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def violations(page: Page | Frame) -> list[str]:
    """Rule and place of everything that axe-core finds on the page that is open."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(CHECK, RULES)
    return [f"{page.url} {one}" for one in found]


async def visited(page: Page, root: str, paths: Sequence[str]) -> list[str]:
    """The violations of each page below `root`."""
    found = []
    for path in paths:
        await page.goto(root + path)
        found += await violations(page)
    return found


async def small(page: Page, least: int) -> list[str]:
    """Controls of less than `least` CSS pixels in one direction; links in a sentence are exempt (2.5.8)."""
    found: list[str] = await page.evaluate(SMALL, least)
    return found


async def log_in_as_visitor(page: Page, house: House) -> None:
    """The visitor of the season, by the log-in that the footer leads to."""
    login = house.endpoints["logins"]["visitor"]
    await page.goto(house.endpoints["shop"] + "login")
    await fill_in(page, house.instance, login)
    await page.wait_for_url("**/my-data")


async def tab_to(page: Page, target: str) -> None:
    """Press Tab until `target` has the focus; every stop on the way can be seen."""
    wanted = await page.locator(target).first.element_handle()
    for _ in range(150):
        await page.keyboard.press("Tab")
        assert await page.evaluate(UNSEEN) == ""
        if await page.evaluate("target => document.activeElement === target", wanted):
            return
    raise AssertionError(f"Tab never reaches {target}")


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_public_pages_keep_to_wcag(house: House, browser: Browser, screen: dict[str, int]) -> None:
    async with person(browser, screen=screen) as someone:
        found = await visited(someone.page, house.endpoints["shop"], PUBLIC)
        for beside in ("inbox", "receiver"):
            found += await visited(someone.page, house.endpoints[beside], ("/",))
    assert found == []


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_desks_keep_to_wcag(house: House, browser: Browser, screen: dict[str, int]) -> None:
    found = []
    for role, (door, paths) in DESKS.items():
        async with person(browser, screen=screen) as someone:
            await log_in(someone.page, house, role, door)
            found += await visited(someone.page, house.endpoints[door], paths)
    assert found == []


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_buying_and_ones_own_data_keep_to_wcag(
    house: House, browser: Browser, screen: dict[str, int]
) -> None:
    async with person(browser, screen=screen) as someone:
        page = someone.page
        await choose(page, house, "zout", 1)
        found = await violations(page)
        await fill(page, "", "geen adres")
        await page.locator("form.checkout button").last.click()
        found += await violations(page)
        await fill(page, "Ank Toegankelijk", "ank.toegankelijk@example.org")
        await page.locator("form.checkout button").last.click()
        await page.wait_for_url(house.endpoints["mollie"] + "/**")
        found += await violations(page)
        await page.locator("button[value=failed]").click()
        await page.wait_for_url("**/order/**")
        found += await violations(page)
        await buy(page, house)
        found += await violations(page)
    async with person(browser, screen=screen) as someone:
        await log_in_as_visitor(someone.page, house)
        found += await visited(
            someone.page, house.endpoints["shop"], ("my-data/erase", "my-choices", "my-data")
        )
        await someone.page.locator("form[action$='/copy'] button").click()
        await someone.page.locator("a[download]").wait_for(timeout=15_000)
        found += await violations(someone.page)
    assert found == []


@pytest.mark.requirement("F-04")
async def test_a_visitor_buys_with_tab_space_and_enter_alone(house: House, browser: Browser) -> None:
    """Season, event, seat, name and address, payment, ticket; each stop of the focus is in sight."""
    async with person(browser, screen=PHONE) as someone:
        page, keys = someone.page, someone.page.keyboard
        await page.goto(house.endpoints["shop"])
        await tab_to(page, "a[href$='/e/zout']")
        await keys.press("Enter")
        await page.wait_for_url("**/e/zout")
        await tab_to(page, "input[name=how]:checked")
        await keys.press("ArrowDown")
        await tab_to(page, "svg.plan [tabindex='0']")
        await keys.press("Space")
        await tab_to(page, ".hold-foot button")
        await keys.press("Enter")
        await page.wait_for_url("**/basket")
        await tab_to(page, "#name")
        await keys.type("Tine Toets")
        await tab_to(page, "#email")
        await keys.type("tine.toets@example.org")
        await tab_to(page, ".pay button")
        await keys.press("Enter")
        await page.wait_for_url(house.endpoints["mollie"] + "/**")
        await tab_to(page, "button[value=paid]")
        await keys.press("Enter")
        await page.locator(".ticket").first.wait_for(timeout=15_000)


@pytest.mark.requirement("F-26")
async def test_a_thumb_hits_every_control_of_buying(house: House, browser: Browser) -> None:
    """44 px from event to order, 24 px elsewhere (WCAG 2.2, 2.5.8)."""
    async with person(browser, screen=PHONE) as someone:
        page, found = someone.page, []
        for slug in ("zout", "nachtmis-voor-meeuwen"):
            await page.goto(f"{house.endpoints['shop']}e/{slug}")
            found += await small(page, 44)
        await choose(page, house, "zout", 1)
        found += await small(page, 44)
        await buy(page, house)
        found += await small(page, 44)
        for path in ("", "privacy", "login", "nowhere"):
            await page.goto(house.endpoints["shop"] + path)
            found += await small(page, 24)
        await log_in_as_visitor(page, house)
        found += await small(page, 24)
    assert found == []
