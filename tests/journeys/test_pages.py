"""What a person meets in Chromium: buying without a script, every desk by hand, nobody else looking on."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, Person, chromium, person, take_seats
from tests.second_step import fill_in

LANGUAGES = ("nl", "fr", "en")
MOST_BYTES = 150_000
SERVICES = ("accounts", "gateway", "notify", "orders", "retention", "sharing")


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def choose(page: Page, house: House, slug: str, seats: int) -> None:
    """Hold seats of an event by its form; what is shown may be a second old, and then one chooses again."""
    for _ in range(3):
        await page.goto(f"{house.endpoints['shop']}e/{slug}")
        await take_seats(page, seats)
        async with page.expect_navigation():
            await page.locator("form.hold button[type=submit], form.hold button:not([type])").last.click()
        if page.url.endswith("/basket"):
            return
    raise AssertionError("the seats that were shown as free were taken three times")


@pytest.mark.requirement("F-53")
async def test_a_series_is_found_from_the_season_and_from_its_event(house: House, browser: Browser) -> None:
    shop = house.endpoints["shop"]
    async with person(browser, script=False, screen=PHONE) as visitor:
        await visitor.page.goto(shop)
        await visitor.page.get_by_role("link", name=re.compile("Familie aan zee")).click()
        await expect(visitor.page.locator(".show h2")).to_have_text("De langste golf")
        assert await visitor.overflow() <= 0
        await visitor.page.get_by_role("link", name="De langste golf").click()
        told = await visitor.page.locator("script[type='application/ld+json']").text_content()
        assert json.loads(told or "")["superEvent"]["name"] == "Familie aan zee"
        await visitor.page.get_by_role("link", name="Familie aan zee").click()
        await visitor.page.get_by_role("link", name="Alles").click()
        await expect(visitor.page.locator(".show h2")).not_to_have_count(1)


async def fill(page: Page, name: str, email: str) -> None:
    """Fill in who buys."""
    await page.fill("#name", name)
    await page.fill("#email", email)


async def buy(page: Page, house: House, seats: int = 1, email: str = "") -> str:
    """Buy seats for the co-presented event and come back to the order page; its address."""
    await choose(page, house, "zout", seats)
    await fill(page, "Wannes Test", email or f"wannes.{uuid4().hex[:8]}@example.org")
    await page.locator("form.checkout button").last.click()
    await page.locator("button[name=status][value=paid]").click()
    await page.wait_for_url("**/order/**")
    await expect(page.locator(".ticket")).to_have_count(seats, timeout=15_000)
    return page.url


async def log_in(page: Page, house: House, role: str, door: str) -> None:
    """Go to a desk, and log in where it asks."""
    login = house.endpoints["logins"][role]
    await page.goto(house.endpoints[door])
    await fill_in(page, house.instance, login)
    await page.wait_for_url(house.endpoints[door] + "*")


@pytest.mark.requirement("F-04")
async def test_a_guest_buys_two_seats_without_any_script(house: House, browser: Browser) -> None:
    async with person(browser, script=False, screen=PHONE) as someone:
        await buy(someone.page, house, seats=2)

        codes = someone.page.locator(".ticket svg.qr")
        await expect(codes).to_have_count(2)


@pytest.mark.requirement("G-34")
async def test_news_of_the_co_presenter_is_asked_apart_and_never_ticked(
    house: House, browser: Browser
) -> None:
    async with person(browser) as someone:
        await choose(someone.page, house, "zout", 1)

        box = someone.page.locator("input[name^='choice.']")
        await expect(box).to_have_count(1)
        await expect(box).not_to_be_checked()
        assert await box.evaluate("box => box.closest('fieldset').querySelectorAll('input').length") == 1


@pytest.mark.requirement("F-72")
async def test_no_page_asks_anyone_but_the_house(house: House, browser: Browser) -> None:
    """Season to tickets, privacy statement, log-in: the only other host is the one that takes the payment."""
    async with person(browser) as someone:
        await buy(someone.page, house)
        for path in ("", "privacy", "login", "my-data", "nowhere"):
            await someone.page.goto(house.endpoints["shop"] + path)

        ours = house.endpoints["shop"].split("/")[2]
        payment = house.endpoints["mollie"].split("/")[2]
        assert someone.hosts == {ours, payment}


@pytest.mark.requirement("G-70")
async def test_looking_around_sets_no_cookie(house: House, browser: Browser) -> None:
    async with person(browser) as someone:
        for path in ("", "e/zout", "privacy"):
            await someone.page.goto(house.endpoints["shop"] + path)

        assert await someone.page.context.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.requirement("F-26")
async def test_public_pages_fit_every_screen_in_every_language(
    house: House, browser: Browser, language: str
) -> None:
    for screen in (PHONE, DESK):
        async with person(browser, language=language, screen=screen) as someone:
            for path in ("", "e/zout", "e/nachtmis-voor-meeuwen", "privacy", "login", "basket"):
                await someone.page.goto(house.endpoints["shop"] + path)

                assert await someone.page.get_attribute("html", "lang") == language
                assert await someone.overflow() == 0, f"/{path} is wider than {screen['width']} px"
            assert someone.complaints == []


@pytest.mark.requirement("F-26")
async def test_a_chosen_language_stays(house: House, browser: Browser) -> None:
    async with person(browser, language="nl") as someone:
        await someone.page.goto(house.endpoints["shop"] + "?lang=fr")
        await someone.page.goto(house.endpoints["shop"] + "e/zout")

        assert await someone.page.get_attribute("html", "lang") == "fr"


async def test_a_page_weighs_less_than_150_kilobytes(house: House, browser: Browser) -> None:
    async with person(browser) as someone:
        sizes: list[int] = []

        async def weigh(path: str) -> None:
            response = await someone.page.request.get(house.endpoints["shop"].rstrip("/") + path)
            sizes.append(len(await response.body()))

        await someone.page.goto(house.endpoints["shop"] + "e/zout")
        for url in dict.fromkeys(someone.asked):
            await weigh("/" + url.split("/", 3)[3])

        assert sum(sizes) < MOST_BYTES


@pytest.mark.requirement("F-05")
async def test_an_expired_hold_keeps_what_was_typed(house: House, browser: Browser) -> None:
    """The event with a hold of 5 s: late with paying, the guest finds the form as it was filled in."""
    async with person(browser) as someone:
        await choose(someone.page, house, "nachtmis-voor-meeuwen", 1)
        await someone.page.wait_for_timeout(6_500)
        await fill(someone.page, "Traag Maarzeker", "traag@example.org")
        await someone.page.evaluate("document.querySelector('form.checkout').requestSubmit()")
        await someone.page.wait_for_load_state()

        assert await someone.page.input_value("#name") == "Traag Maarzeker"
        assert await someone.page.input_value("#email") == "traag@example.org"
        again = someone.page.locator("a[href*='/e/nachtmis-voor-meeuwen']")
        await expect(again.first).to_be_visible()


async def test_a_wrong_field_says_so_beside_it_and_loses_nothing(house: House, browser: Browser) -> None:
    async with person(browser) as someone:
        await choose(someone.page, house, "zout", 1)
        await fill(someone.page, "Wannes Test", "geen adres")
        await someone.page.locator("form.checkout button").last.click()

        await expect(someone.page.locator("#email-error")).to_be_visible()
        assert await someone.page.input_value("#name") == "Wannes Test"
        assert await someone.page.input_value("#email") == "geen adres"


@pytest.mark.requirement("F-27")
async def test_the_counter_sells_without_a_name_and_the_door_admits_once(
    house: House, browser: Browser
) -> None:
    async with person(browser) as clerk, person(browser) as visitor, person(browser) as steward:
        await log_in(clerk.page, house, "box_office", "boxoffice")
        await sell_one_standing(clerk)
        order = await buy(visitor.page, house)
        code = await code_of(visitor, order)
        await log_in(steward.page, house, "steward", "door")
        await steward.page.goto(house.endpoints["door"] + "?event=zout")

        await scan(steward, code)
        await expect(steward.page.locator(".answer-yes")).to_be_visible()
        await scan(steward, code)
        await expect(steward.page.locator(".answer-no")).to_be_visible()
        assert re.search(r"\d{1,2}[:.]\d{2}", await steward.page.inner_text(".answer-why"))


async def sell_one_standing(clerk: Person) -> None:
    """Sell a standing place for cash and see the sale."""
    page = clerk.page
    await page.goto(page.url.split("?")[0] + "?event=hoogspanning")
    await page.locator("input[name^='standing.']").first.fill("1")
    await page.fill("#given", "20")
    await page.locator("form.till button[type=submit], form.till button:not([type])").last.click()
    await expect(page.locator("a[href*='/counter/order/']").first).to_be_visible()
    assert "@" not in await page.inner_text("main")


async def code_of(visitor: Person, order: str) -> str:
    """The code of the order's first ticket, by the API that the page stands on."""
    identity = order.rsplit("/", 1)[1]
    origin = order.split("/order/")[0]
    response = await visitor.page.request.get(f"{origin}/api/v1/orders/{identity}")
    return str((await response.json())["tickets"][0]["code"])


async def scan(steward: Person, code: str) -> None:
    """Type a code into the field of the door."""
    await steward.page.fill("#code", code)
    await steward.page.locator("form.scan button").first.click()
    await steward.page.wait_for_load_state("networkidle")


@pytest.mark.requirement("F-45")
async def test_each_organiser_sees_their_own_and_no_other(house: House, browser: Browser) -> None:
    async with person(browser) as theirs, person(browser) as other:
        await log_in(theirs.page, house, "organiser", "organiser")
        await log_in(other.page, house, "organiser_other", "organiser")

        assert "Zout" in await theirs.page.inner_text("main")
        assert "Zout" not in await other.page.inner_text("main")


@pytest.mark.requirement("W-47")
async def test_the_privacy_desk_opens_a_case_and_shows_its_clock(house: House, browser: Browser) -> None:
    async with person(browser) as visitor, person(browser) as officer:
        await buy(visitor.page, house)
        number = await visitor.page.locator("main .figure", has_text="-").first.inner_text()
        await log_in(officer.page, house, "privacy_officer", "privacy")
        await officer.page.fill("#value", number)
        await officer.page.select_option("#reason", "rights-request")
        await officer.page.locator("form[action$='/find'] button").click()
        await officer.page.locator("form[action$='/cases'] button").click()
        await officer.page.wait_for_url("**/privacy-desk/cases/**")

        await expect(officer.page.locator(".open-case .state-good")).to_be_visible(timeout=15_000)
        assert await officer.page.locator(".open-case tbody tr").count() == len(SERVICES)


async def test_a_desk_without_its_role_asks_to_log_in(house: House, browser: Browser) -> None:
    async with person(browser) as someone:
        for door in ("boxoffice", "door", "organiser", "privacy", "books"):
            await someone.page.goto(house.endpoints[door])

            assert "/login" in someone.page.url


async def test_an_address_that_does_not_exist_gets_a_page_in_plain_words(
    house: House, browser: Browser
) -> None:
    async with person(browser) as someone:
        for path in ("nowhere", "e/nowhere", "order/0", f"order/{uuid4()}", "l/forged"):
            response = await someone.page.goto(house.endpoints["shop"] + path)

            assert response is not None
            assert response.status in (401, 404, 410), path
            assert response.headers["content-type"].startswith("text/html"), path
            await expect(someone.page.locator("h1")).to_be_visible()
