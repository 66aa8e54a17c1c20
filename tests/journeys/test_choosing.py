"""Choosing places as a person does: on a plan that lives, or by the house; and more time in the basket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person, take_seats
from tests.journeys.test_accessibility import small, violations
from tests.journeys.test_pages import MOST_BYTES, fill
from tests.journeys.test_waiting_room import database

HALL = "stormvloed"
"""Four hundred seats in two zones with prices of their own; single seats are minded."""
FREE = "svg.plan [role=checkbox][aria-disabled=false]"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def detail_of(house: House, slug: str) -> Mapping[str, Any]:
    """An event as its page has it."""
    address = f"{house.endpoints['shop']}api/v1/events/{slug}"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        found: Mapping[str, Any] = await answer.json()
        return found


async def hold(house: House, slug: str, labels: list[str]) -> int:
    """Somebody else takes seats; the status of the answer."""
    detail = await detail_of(house, slug)
    seats = {seat["label"]: seat["id"] for seat in detail["seats"]}
    price = next(one["id"] for one in detail["prices"] if one["place"] == "seat")
    wish = {"event": detail["event"]["id"], "seats": [seats[one] for one in labels], "seat_price": price}
    address = house.endpoints["shop"] + "api/v1/holds"
    async with aiohttp.ClientSession() as session, session.post(address, json=wish) as answer:
        return answer.status


def seat(page: Page, label: str) -> Any:
    """A seat of the plan by row and number: "C4"."""
    return page.locator(f"svg.plan [aria-label^='Rij {label[0]}, stoel {label[1:]},']")


@pytest.mark.requirement("F-02")
async def test_on_a_phone_the_house_chooses_and_its_choice_stands_in_the_basket(
    house: House, browser: Browser
) -> None:
    async with person(browser, screen=PHONE) as someone:
        page = someone.page
        await page.goto(f"{house.endpoints['shop']}e/{HALL}")
        await expect(page.locator("input[name=how][value=best]")).to_be_checked()
        await page.select_option("#zone", "balkon")
        plus = page.locator(".how-best .count").first.locator("button").last
        for _ in range(3):
            await plus.click()
        await expect(page.locator("[data-sum]")).to_have_text("3 plaatsen, € 72,00")
        assert await small(page, 44) == []
        assert await violations(page) == []
        await page.locator("form.hold button:not([type])").last.click()
        await page.wait_for_url("**/basket")
        places = await page.locator(".line-place").all_inner_texts()
        assert len({place[:2] for place in places}) == 1, "one row of the balcony"
        numbers = sorted(int(place[2:]) for place in places)
        assert numbers == list(range(numbers[0], numbers[0] + 3)), "side by side"
        assert someone.complaints == []


@pytest.mark.requirement("F-01")
async def test_the_plan_is_walked_read_and_tapped_and_shows_what_others_take(
    house: House, browser: Browser
) -> None:
    async with person(browser, screen=DESK) as someone:
        page, keys = someone.page, someone.page.keyboard
        await page.goto(f"{house.endpoints['shop']}e/{HALL}")
        told = (await detail_of(house, HALL))["seats"]
        await expect(page.locator(FREE)).to_have_count(sum(one["free"] for one in told))
        assert await page.locator("svg.plan [tabindex='0']").count() == 1, "one stop of the Tab key"

        await page.locator("svg.plan [tabindex='0']").focus()
        for key in (
            "ArrowDown",
            "ArrowDown",
            "End",
            "ArrowLeft",
            "Home",
            "ArrowRight",
            "ArrowRight",
            "ArrowUp",
        ):
            await keys.press(key)
        focused = "document.activeElement.getAttribute('aria-label').replace(/\\s/g, ' ')"
        assert await page.evaluate(focused) == "Rij B, stoel 3, Parterre, € 32,00, vrij"
        await keys.press("Space")
        await expect(seat(page, "B3")).to_have_attribute("aria-checked", "true")
        assert await page.evaluate(focused) == "Rij B, stoel 3, Parterre, € 32,00, jouw keuze"
        await expect(page.locator(".hall [role=status]")).to_have_text("Rij B, stoel 3 gekozen")
        await seat(page, "B4").click()
        await expect(page.locator("[data-sum]")).to_have_text("2 plaatsen, € 64,00")
        await page.locator("input[name=seat_price]").nth(1).check()
        await expect(page.locator("[data-price-of=balkon]")).to_have_text("€ 14,00")
        assert "€\u00a018,00" in (await seat(page, "C1").get_attribute("aria-label") or "")
        await expect(seat(page, "A1")).to_have_attribute(
            "aria-label", "Rij A, stoel 1, Parterre, rolstoelplaats, €\u00a018,00, vrij"
        )
        assert await violations(page) == []

        assert await hold(house, HALL, ["B3", "B4", "B5", "B6"]) == 201
        await expect(seat(page, "B4")).to_have_attribute("aria-disabled", "true", timeout=8_000)
        await expect(page.locator(".hall [role=status]")).to_have_text(
            "Rij B, stoel 4 is net door iemand anders genomen"
        )
        await expect(page.locator("[data-sum]")).to_be_hidden()
        assert someone.complaints == []


@pytest.mark.requirement("F-01")
async def test_two_who_want_one_seat_one_has_it_and_the_other_reads_what_is_left(
    house: House, browser: Browser
) -> None:
    """Between looking and clicking somebody else was faster: the page says so and shows what is free."""
    async with person(browser, script=False, screen=PHONE) as someone:
        page = someone.page
        await page.goto(f"{house.endpoints['shop']}e/{HALL}")
        boxes = page.locator("[data-row=E] input")
        for place in (0, 1):
            await boxes.nth(place).check()
        assert await hold(house, HALL, ["E1", "E2"]) == 201
        await page.locator("form.hold button:not([type])").last.click()
        await expect(page.locator("[role=alert]")).to_contain_text("2 net door iemand anders genomen")
        await expect(boxes.nth(0)).to_be_disabled()
        await boxes.nth(3).check()
        await page.locator("form.hold button:not([type])").last.click()
        await expect(page.locator("[role=alert]")).to_contain_text("blijft stoel E3 alleen over")
        await expect(boxes.nth(3)).to_be_checked()


@pytest.mark.requirement("F-01")
async def test_a_hall_of_four_hundred_weighs_less_than_150_kb_on_the_way(
    house: House, browser: Browser
) -> None:
    async with person(browser, screen=PHONE) as someone:
        page = someone.page
        network = await page.context.new_cdp_session(page)
        await network.send("Network.enable")
        sizes: list[float] = []
        network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
        await page.goto(f"{house.endpoints['shop']}e/{HALL}", wait_until="networkidle")
        assert 50_000 < sum(sizes) < MOST_BYTES, sizes
        await page.locator("input[name=how][value=self]").check()
        first = await page.locator(FREE).first.bounding_box()
        assert first is not None
        assert min(first["width"], first["height"]) >= 44
        middle = "view => Math.abs(view.scrollLeft - (view.scrollWidth - view.clientWidth) / 2) < 2"
        assert await page.locator(".plan-view").evaluate(middle), "the middle of the hall is in sight"
        await page.locator(".plan-zoom").click()
        assert await page.locator(".plan-view").evaluate("view => view.scrollWidth <= view.clientWidth")
        await page.locator("svg.plan").click(position={"x": 100, "y": 200})
        assert await page.locator("[aria-checked=true]").count() == 0, (
            "from afar a tap goes near, and takes nothing"
        )
        assert await page.locator(".plan-view").evaluate("view => view.scrollWidth > view.clientWidth")


@pytest.mark.requirement("F-05")
async def test_a_basket_gets_more_time_once_and_afterwards_the_same_places_with_all_that_was_typed(
    house: House, browser: Browser
) -> None:
    async with person(browser, screen=PHONE) as someone:
        page = someone.page
        await page.goto(f"{house.endpoints['shop']}e/{HALL}")
        await take_seats(page, 2, zone="Balkon")
        await page.locator("form.hold button:not([type])").last.click()
        await page.wait_for_url("**/basket")
        places = await page.locator(".line-place").all_inner_texts()
        await fill(page, "Bo Traag", "bo@")
        await page.locator("[data-extend]").click()
        await expect(page.locator("[data-extend]")).to_have_count(0)
        await expect(page.locator("[data-holding]")).to_be_focused()
        assert await page.locator("#name").input_value() == "Bo Traag"
        assert await violations(page) == []

        await expect(page.locator("[data-countdown]")).to_contain_text("29:")
        async with database(house, "orders") as orders:
            await orders.execute("UPDATE hold SET expires_at = now() WHERE state = 'held' AND extended")
        await fill(page, "Bo Traag", "bo.traag@example.org")
        await page.locator(".pay button").click()
        await expect(page.locator("h1")).to_have_text("Je plaatsen zijn weer vrij")
        assert await violations(page) == []
        await page.fill("#name", "Bo Trager")
        await page.locator("button[value=same]").click()
        await expect(page.locator("[data-countdown]")).to_contain_text("14:")
        assert await page.locator(".line-place").all_inner_texts() == places
        assert await page.locator("#name").input_value() == "Bo Trager"
        assert await page.locator("#email").input_value() == "bo.traag@example.org"
        assert await small(page, 44) == []
        await page.locator("#email").press("Enter")
        await page.wait_for_url(house.endpoints["mollie"] + "/**")
        assert [one for one in someone.complaints if "410 (Gone)" not in one] == []
