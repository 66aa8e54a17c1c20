"""Saying yes and no at the running house: the page, the signal of a browser, and one click from a mail."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from chassis.tokens import LinkSigner
from deploy.local import postgres
from deploy.local.demo.doors import Browser
from deploy.local.demo.expecting import until
from deploy.local.demo.wire import Asked, Reply
from deploy.topology.database import database_of, dsn_as
from tests.conftest import House
from tests.journeys.knocking import AT_ONCE, Doors, doors_of, is_page, is_problem, ordered

FORM = re.compile(r"<form method=\"post\" action=\"/my-choices\">(.*?)</form>", re.S)
FIELD = re.compile(r'name="([a-z]+)" value="([^"]*)"')
SERVICES = ("accounts", "orders", "notify", "sharing", "retention", "gateway")


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as found:
        yield found


async def somebody(doors: Doors) -> tuple[Browser, UUID]:
    """A guest who placed an order, and their id once accounts knows them."""
    guest = doors.guest()
    await ordered(doors, guest, doors.buyer())

    async def known() -> dict[str, Any] | None:
        me = await guest.ask("GET", "/me")
        return me.json() if me.status == 200 else None

    me = await until(known, "accounts knows the guest", AT_ONCE)
    return guest, UUID(me["subject"])


async def signalled(doors: Doors, who: Browser, path: str, value: str) -> Reply:
    """A page, asked for by a browser that sends the header."""
    cookies = "; ".join(f"{name}={cookie}" for name, cookie in who.cookies.items())
    headers = {"Cookie": cookies, "Accept-Language": who.language, "Sec-GPC": value}
    return await doors.wire.send(Asked("GET", doors.shop + path, headers))


async def states(who: Browser) -> dict[str, str]:
    return {one["purpose"]: one["state"] for one in (await who.get("/me/choices"))["choices"]}


def switch(page: str, purpose: str, channel: str) -> dict[str, str]:
    """The fields of one switch."""
    for form in FORM.findall(page):
        fields = dict(FIELD.findall(form))
        if (fields["purpose"], fields["channel"]) == (purpose, channel):
            return fields
    raise AssertionError(f"no switch for {purpose} by {channel}")


@pytest.mark.requirement("G-60")
async def test_a_switch_of_the_page_counts_and_its_proof_can_be_kept(doors: Doors) -> None:
    guest, _ = await somebody(doors)
    page = is_page(await guest.page("/my-choices"), 200)
    fields = switch(page, "newsletter", "post")
    assert fields["state"] == "given"
    done = await guest.form("/my-choices", fields)
    assert (done.status, done.location) == (303, "/my-choices?saved=newsletter#newsletter")
    page = is_page(await guest.page("/my-choices?saved=newsletter"), 200)
    assert switch(page, "newsletter", "post")["state"] == "withdrawn"
    proof = await guest.page(re.findall(r"/my-choices/receipts/[0-9a-f-]{36}", page)[0])
    record = proof.json()["@graph"][1]
    assert proof.values("Content-Type")[0].startswith("application/ld+json")
    assert record["dpv:hasConsentStatus"]["@type"] == "dpv:ConsentGiven"
    assert record["dpv:hasNotice"]["dct:language"] == "fr"
    refused = await guest.form("/my-choices", {**fields, "wording": "preferences.newsletter.v99"})
    assert "Nous ne posons plus cette question" in is_page(refused, 422)


@pytest.mark.requirement("W-45")
async def test_a_browser_that_objects_is_written_down_and_the_persons_own_word_stands(doors: Doors) -> None:
    guest, _ = await somebody(doors)
    await guest.post("/me/choices", {"purpose": "visit_counts", "state": "lifted"})
    for value in ("0", "true", "1, 1"):
        assert "Global Privacy Control" not in (await signalled(doors, guest, "/my-choices", value)).text
    assert await states(guest) == {"visit_counts": "lifted"}
    page = is_page(await signalled(doors, guest, "/my-choices", "1"), 200)
    assert "Global Privacy Control" in page
    told = await states(guest)
    assert told["visit_counts"] == "lifted"
    assert told["improvement"] == told["co_presentation_door_list"] == "objected"
    assert "newsletter" not in told
    known = await doors.guest().page("/.well-known/gpc.json")
    assert known.json()["gpc"] is True
    proofs = (await guest.page("/my-choices/receipts")).json()["@graph"][1:]
    by = {one["dpv:hasConsentStatus"]["dpv:isIndicatedBy"] for one in proofs}
    assert by == {"person", "browser"}


@pytest.mark.requirement("G-61")
async def test_one_click_signs_off_and_a_scanner_that_looks_does_not(doors: Doors) -> None:
    guest, subject = await somebody(doors)
    await guest.post("/me/choices", {"purpose": "newsletter", "state": "given"})
    secrets, now = doors.house.instance.secrets, datetime.now(UTC)
    notify = LinkSigner((secrets / "notify" / "signing.pem").read_bytes())
    path = "/u/" + notify.sign_off(subject, "nl", "newsletter", now, 30)
    stranger = doors.guest()
    for _ in range(2):
        assert "Ne m’envoyez plus cela." in is_page(await stranger.page(path), 200)
    assert await states(guest) == {"newsletter": "given"}
    began = time.monotonic()
    done = await doors.post(stranger, path, b"List-Unsubscribe=One-Click")
    assert "ne recevrez plus" in is_page(done, 200)
    assert await states(guest) == {"newsletter": "withdrawn"}
    for service in SERVICES:
        await _obeys(doors, service, subject, began + 5)
    assert not [cookie for cookie in done.values("Set-Cookie") if "session" in cookie]
    (proof,) = [
        one
        for one in (await guest.page("/my-choices/receipts")).json()["@graph"][1:]
        if one["dpv:hasConsentStatus"]["@type"] == "dpv:ConsentWithdrawn"
    ]
    assert proof["dpv:hasConsentStatus"]["dpv:isExercisedAt"] == "unsubscribe"


async def _obeys(doors: Doors, service: str, subject: UUID, until: float) -> None:
    dsn = dsn_as(postgres.of(doors.house.instance).dsn, database_of(service))
    connection = await asyncpg.connect(dsn)
    sql = "SELECT state FROM gate WHERE subject = $1 AND purpose = 'newsletter'"
    try:
        while await connection.fetchval(sql, subject) != "withdrawn":
            assert time.monotonic() < until, f"{service} does not know of it"
            await asyncio.sleep(0.05)
    finally:
        await connection.close()


@pytest.mark.requirement("G-61")
async def test_a_link_that_was_made_for_something_else_signs_nobody_off(doors: Doors) -> None:
    guest, subject = await somebody(doors)
    secrets, now = doors.house.instance.secrets, datetime.now(UTC)
    notify = LinkSigner((secrets / "notify" / "signing.pem").read_bytes())
    forger = LinkSigner((secrets / "gateway" / "signing.pem").read_bytes())
    await guest.post("/me/choices", {"purpose": "newsletter", "state": "given"})
    right = notify.sign_off(subject, "fr", "newsletter", now, 30)
    for token in (
        forger.sign_off(subject, "fr", "newsletter", now, 30),
        notify.sign(subject, "fr", now, 30),
        notify.sign_off(subject, "fr", "order_guidance", now, 30),
        right[:-6] + "AAAAAA",
    ):
        for reply in (await guest.page(f"/u/{token}"), await doors.post(guest, f"/u/{token}", b"")):
            is_page(reply, 410)
    is_page(await guest.page(f"/l/{right}"), 410)
    is_problem(await guest.ask("GET", f"/me/receipts/{subject}"), 404, "record-unknown")
    assert await states(guest) == {"newsletter": "given"}
