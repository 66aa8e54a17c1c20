"""A wish list as people meet it: before they log in, with an account, by a link, and by mail."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from deploy.local.demo.expecting import until
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.knocking import AT_ONCE, Doors, doors_of
from tests.journeys.mailbox import letter, letters
from tests.journeys.planning_day import TIMES, words
from tests.journeys.test_accessibility import small, tab_to, violations
from tests.journeys.test_accounts import opened, someone

SHOTS: Path | None = None
PATIENCE = 15_000


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as found:
        yield found


async def shot(page: Page, name: str) -> None:
    if SHOTS is not None:
        await page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


async def checked(page: Page, name: str) -> list[str]:
    """What is wrong with the page that is open, beside what axe-core cannot see."""
    await shot(page, name)
    return await violations(page) + await small(page, 24)


async def an_evening(doors: Doors, title: str) -> dict[str, Any]:
    """Published, and not on sale yet; the planner who can change that."""
    planner = await doors.staff("planner")
    halls = (await planner.get("/planning/halls"))["halls"]
    house = (await planner.get("/planning/organisations"))["organisations"][0]
    texts = {"organisation": house["id"], "title": words(title), "blurb": words("Een proef.")}
    production = await planner.post("/planning/productions", texts)
    now = datetime.now(UTC)
    times = {name: (now + timedelta(days=60, hours=hours)).isoformat() for name, hours in TIMES.items()}
    plan = {"production": production["id"], "hall": halls[0]["id"], "on_sale_from": now.isoformat(), **times}
    event = await planner.post("/planning/events", plan)
    prices = {"prices": [{"title": words("Basis"), "place": "seat", "cents": 1500}]}
    await planner.ask("PUT", f"/planning/events/{event['id']}/prices", prices)
    moved = await planner.ask("POST", f"/planning/events/{event['id']}/state", {"state": "published"})
    return {"planner": planner, "plan": plan, **moved.json()}


async def put_on_list(page: Page, slug: str) -> None:
    async def there() -> bool | None:
        answer = await page.goto(re.sub(r"(:\d+)/.*", rf"\1/e/{slug}", page.url))
        return True if answer is not None and answer.status == 200 else None

    await until(there, "the event has a page", AT_ONCE)
    await page.get_by_role("button", name="Zet op mijn verlanglijst").click()
    await page.wait_for_url("**/wishes?saved=added")


@pytest.mark.requirement("F-12")
@pytest.mark.requirement("G-03")
async def test_from_a_strangers_list_to_a_mail_and_out_again(
    house: House, doors: Doors, browser: Browser
) -> None:
    email, shop = someone(house), house.endpoints["shop"]
    event = await an_evening(doors, "Wenszang")
    async with person(browser, screen=PHONE) as me, person(browser, screen=DESK) as friend:
        page = me.page
        await page.goto(f"{shop}wishes")
        assert await page.context.cookies() == [], "who only looks gets no cookie"
        found = await checked(page, "empty")
        await page.goto(f"{shop}e/nachtmis-voor-meeuwen")
        await shot(page, "event-phone")
        await put_on_list(page, "nachtmis-voor-meeuwen")
        await put_on_list(page, event["slug"])
        await expect(page.locator(".wishes li")).to_have_count(2)
        await expect(page.locator("#reminders")).to_have_count(0)
        found += await checked(page, "stranger")
        assert await me.overflow() <= 0

        await opened(page, house, email)
        await page.goto(f"{shop}wishes")
        await expect(page.locator(".wishes li")).to_have_count(2)
        assert await page.locator("input[name=kind]:checked").count() == 0, "nothing is ticked beforehand"
        await tab_to(page, "input[name=kind][value=on_sale]")
        await page.keyboard.press("Space")
        await page.locator("input[name=kind][value=moved]").check()
        await page.get_by_role("button", name="Bewaar").click()
        await page.wait_for_url("**/wishes?saved=reminders**")
        assert await page.locator("input[name=kind]:checked").count() == 2
        await page.get_by_role("button", name="Maak een link").click()
        await page.wait_for_url("**/wishes?saved=shared**")
        found += await checked(page, "mine-phone")
        assert await me.overflow() <= 0
        await page.set_viewport_size({"width": 1280, "height": 900})
        await shot(page, "mine-desk")

        address = await page.input_value("#address")
        answer = await friend.page.goto(address)
        assert answer is not None
        assert "noindex" in answer.headers["x-robots-tag"]
        await expect(friend.page.locator(".wishes li")).to_have_count(2)
        text = await friend.page.inner_text("main")
        assert "Noor" not in text
        assert await friend.page.locator("main form").count() == 0
        assert await friend.page.context.cookies() == []
        found += await checked(friend.page, "shared-desk")

        await _is_told(house, email, event)
        await page.goto(f"{shop}wishes")
        await page.get_by_role("button", name="Trek de link in").click()
        await page.wait_for_url("**/wishes?saved=unshared**")
        gone = await friend.page.goto(address)
        assert gone is not None
        assert gone.status == 404
        await page.locator(".wishes li").filter(has_text="Wenszang").locator("button").click()
        await page.wait_for_url("**/wishes?saved=removed")
        await expect(page.locator(".wishes li")).to_have_count(1)
        await page.get_by_role("checkbox").first.uncheck()
        await page.get_by_role("checkbox").nth(1).uncheck()
        await page.get_by_role("button", name="Bewaar").click()
        await page.wait_for_url("**/wishes?saved=reminders**")
        await page.goto(f"{shop}my-choices")
        switch = page.locator("#wish_reminders button.switch")
        await expect(switch).to_have_attribute("aria-checked", "false")
    assert found == []


async def _is_told(house: House, email: str, event: dict[str, Any]) -> None:
    """The sale begins: one mail, in the reader's language, with its way out."""
    state = f"/planning/events/{event['id']}/state"
    opened_ = await event["planner"].ask("POST", state, {"state": "on_sale"})
    assert opened_.status == 200, opened_.body
    mail = await letter(house, email, "Wenszang: de verkoop is begonnen")
    headers = dict(mail["headers"])
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/e/{event['slug']}" in mail["text"]
    if SHOTS is not None:
        (SHOTS / "mail.html").write_text(mail["html"], encoding="utf-8")
    later = (datetime.fromisoformat(event["plan"]["starts_at"]) + timedelta(minutes=30)).isoformat()
    now = (await event["planner"].get(f"/planning/events/{event['id']}"))["version"]
    plan = {**event["plan"], "starts_at": later, "version": now}
    moved = await event["planner"].ask("PUT", f"/planning/events/{event['id']}", plan)
    assert moved.status == 200, moved.body
    await letter(house, email, "Wenszang is verplaatst")
    await letters(house, email, "de verkoop is begonnen", 1)
