"""Whoever of the house looks at a person says why, and the person reads who looked; liars see nobody."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, expect

from contracts.looks import CASE_HEADER, REASON_HEADER
from deploy.local.demo.doors import Browser
from deploy.local.demo.story import Buyer
from tests.conftest import House
from tests.journeys.browser import DESK, PHONE, chromium, person
from tests.journeys.knocking import (
    LANGUAGE,
    LINK,
    Doors,
    by_letter,
    doors_of,
    is_page,
    is_problem,
    mails_to,
    ordered,
    paid,
    somewhere,
)
from tests.journeys.test_accessibility import violations
from tests.journeys.test_pages import log_in

FIND = "/privacy-desk/find"
SUBJECTS = "/api/v1/privacy/subjects"


@dataclass(frozen=True)
class Somebody:
    """Who bought: as they typed it, their order, and themselves by the link of their mail."""

    buyer: Buyer
    order: dict[str, Any]
    letter: Browser


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


async def somebody_new(doors: Doors) -> Somebody:
    """A person of whom nobody has seen anything yet."""
    buyer, who = doors.buyer(), doors.guest()
    order = await paid(doors, who, await ordered(doors, who, buyer))
    return Somebody(buyer, order, await by_letter(doors, buyer))


@pytest.fixture(scope="module")
async def somebody(doors: Doors) -> Somebody:
    return await somebody_new(doors)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Chromium]:
    async with chromium() as running:
        yield running


async def looks_at(who: Somebody) -> list[dict[str, Any]]:
    """What the person reads by the API, newest first."""
    told = await who.letter.get("/me/looks")
    assert told["away"] == []
    return list(told["looks"])


@pytest.mark.requirement("W-47")
async def test_a_search_without_a_reason_shows_nobody_and_forgets_nothing_typed(
    doors: Doors, somebody: Somebody
) -> None:
    officer = await doors.staff("privacy_officer")
    before = await looks_at(somebody)
    for lie in ("", "curiosity", "door-check", "legal-demand", "rights-case", "rights-case.1"):
        wanted = {"by": "email", "value": somebody.buyer.email, "reason": lie}
        page = is_page(await officer.form(FIND, wanted), 422)
        assert 'id="reason-error"' in page
        assert f'value="{somebody.buyer.email}"' in page
        assert 'value="email" checked' in page
        assert 'name="subject"' not in page
    assert await looks_at(somebody) == before


async def test_a_reason_is_chosen_anew_for_each_search(doors: Doors, somebody: Somebody) -> None:
    officer = await doors.staff("privacy_officer")
    wanted = {"by": "number", "value": somebody.order["number"], "reason": "complaint"}
    page = is_page(await officer.form(FIND, wanted), 200)
    assert 'name="subject"' in page
    assert "<option selected" not in page
    newest = (await looks_at(somebody))[0]
    assert (newest["role"], newest["reason"], newest["kind"]) == ("privacy_officer", "complaint", "one")


async def test_a_case_that_is_done_or_was_never_there_shows_nobody(doors: Doors) -> None:
    """A restriction is carried out at once, so that its case is closed when it is opened."""
    officer, other = await doors.staff("privacy_officer"), await somebody_new(doors)
    subject = (await other.letter.get("/me"))["subject"]
    case = await officer.post("/privacy/cases", {"kind": "restriction", "subject": subject})
    for lie in (case["id"], somewhere()):
        wanted = {"by": "email", "value": other.buyer.email, "reason": f"rights-case.{lie}"}
        assert 'name="subject"' not in is_page(await officer.form(FIND, wanted), 422)


async def test_the_api_refuses_what_the_page_refuses(doors: Doors, somebody: Somebody) -> None:
    officer = await doors.staff("privacy_officer")
    body = json.dumps({"email": somebody.buyer.email}).encode()
    nowhere = {REASON_HEADER: "rights-case", CASE_HEADER: somewhere()}
    for headers, slug in (
        ({}, "reason-missing"),
        ({REASON_HEADER: "curiosity"}, "reason-unknown"),
        ({REASON_HEADER: "rights-case"}, "case-missing"),
        (nowhere, "case-not-open"),
    ):
        is_problem(await doors.post(officer, SUBJECTS, body, "application/json", headers), 422, slug)


async def test_the_counter_says_why_before_it_sees_an_order(doors: Doors, somebody: Somebody) -> None:
    clerk, order = await doors.staff("box_office"), f"/order/{somebody.order['id']}"
    asked = is_page(await clerk.page(order), 200)
    assert somebody.order["number"] not in asked
    assert somebody.order["number"] not in is_page(await clerk.form(order + "/look", {}), 422)
    assert somebody.order["number"] not in is_page(await clerk.form(order + "/look", {"reason": "x"}), 422)
    seen = is_page(await clerk.form(order + "/look", {"reason": "order-problem"}), 200)
    assert somebody.order["number"] in seen
    newest = (await looks_at(somebody))[0]
    assert (newest["role"], newest["reason"]) == ("box_office", "order-problem")
    steward = await doors.staff("steward")
    is_page(await steward.form(order + "/look", {"reason": "order-problem"}), 403)


async def test_nobody_reads_who_looked_at_somebody_else(doors: Doors, somebody: Somebody) -> None:
    other = await somebody_new(doors)
    looks = await looks_at(somebody)
    assert looks
    theirs = is_page(await other.letter.page("/my-data/looks"), 200)
    assert "<ol" not in theirs
    for service in ("accounts", "orders", "notify", "sharing", "retention"):
        told = await other.letter.get(f"/me/looks?{service}={looks[0]['id']}")
        assert told["looks"] == []
    is_page(await doors.guest().page("/my-data/looks"), 401)
    is_page(await (await doors.staff("box_office")).page("/my-data/looks"), 403)


async def test_every_mail_leads_to_who_looked(doors: Doors, somebody: Somebody) -> None:
    mail = (await mails_to(doors, somebody.buyer))[-1]
    found = [link[1] for link in LINK.finditer(mail["text"]) if "to=looks" in link[1]]
    assert len(found) == 1
    assert "to=looks" in mail["html"]
    guest = doors.guest()
    reply = await guest.page(found[0])
    assert (reply.status, reply.values("Location")) == (303, ["/my-data/looks"])
    is_page(await guest.page("/my-data/looks"), 200, LANGUAGE)


async def find(page: Page, number: str) -> None:
    """Look for a person by hand: without a reason first, then by one key in the list of reasons."""
    await page.fill("#value", number)
    await page.locator("form[action$='/find']").evaluate("form => { form.noValidate = true; }")
    await page.locator("form[action$='/find'] button").click()
    await expect(page.locator("#reason-error")).to_be_visible()
    await expect(page.locator("#value")).to_have_value(number)
    assert await violations(page) == []
    await page.focus("#reason")
    await page.keyboard.press("v")
    await page.locator("form[action$='/find'] button").click()
    await expect(page.locator("input[name=subject]")).to_have_count(1)


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
async def test_a_person_reads_in_the_browser_who_looked_and_why(
    house: House, doors: Doors, browser: Chromium, somebody: Somebody, screen: dict[str, int]
) -> None:
    async with person(browser, screen=screen) as officer, person(browser, screen=screen) as visitor:
        await log_in(officer.page, house, "privacy_officer", "privacy")
        await find(officer.page, somebody.order["number"])
        mail = (await mails_to(doors, somebody.buyer))[-1]
        link = next(found[0] for found in LINK.finditer(mail["text"]) if "to=looks" in found[0])
        await visitor.page.goto(link)
        line = visitor.page.locator("main ol li").first
        await expect(line).to_contain_text("Le service vie privée a consulté vos données")
        await expect(line).to_contain_text("demande relative aux données")
        assert await violations(visitor.page) == []
        assert await visitor.overflow() == 0
        assert await officer.overflow() == 0
