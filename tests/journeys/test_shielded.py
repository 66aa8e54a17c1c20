"""A shielded person at the running house: every view of staff, every co-presenter (F-70)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.local.demo.doors import Browser, new_key
from deploy.local.demo.expecting import until
from tests.conftest import House
from tests.journeys.knocking import AT_ONCE, Doors, checkout, doors_of, paid, seated

TWO_SECONDS = AT_ONCE


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as found:
        yield found


async def _listed(organiser: Browser, event: str, name: str) -> bool:
    told = (await organiser.get(f"/organiser/attendees?event={event}"))["attendees"]
    return any(one["name"] == name for one in told)


async def _held(doors: Doors, name: str) -> bool:
    return name in (await doors.at("receiver").page("/api/attendees")).text


@pytest.mark.requirement("F-70")
async def test_nobody_of_the_staff_and_no_co_presenter_meets_the_name_of_somebody_shielded(
    doors: Doors,
) -> None:
    who, buyer, detail = doors.guest(), doors.buyer(), await doors.event("zout")
    hold = await who.post("/holds", seated(detail))
    order = await paid(doors, who, await who.post("/orders", checkout(hold, buyer), new_key()))
    event = detail["event"]["id"]
    staff = {
        role: await doors.staff(role)
        for role in ("box_office", "steward", "supervisor", "organiser", "privacy_officer")
    }
    officer, organiser = staff["privacy_officer"], staff["organiser"]

    async def shared() -> bool | None:
        there = await _listed(organiser, event, buyer.name) and await _held(doors, buyer.name)
        return there or None

    await until(shared, "the co-presenter has the buyer", AT_ONCE)
    (found,) = (await officer.post("/people/search", {"email": buyer.email}))["people"]
    assert found["name"] == buyer.name
    shield = f"/privacy/protections/{found['subject']}"
    assert (await officer.ask("PUT", shield, {"reason": "threat"})).status == 200

    async def gone() -> bool | None:
        named = (await officer.post("/people/search", {"email": buyer.email}))["people"][0]["name"]
        there = await _listed(organiser, event, buyer.name) or await _held(doors, buyer.name)
        return (named is None and not there) or None

    await until(gone, "staff and co-presenter have no name", TWO_SECONDS)
    views = await _views(staff, found["subject"], order, buyer.email)
    assert [where for where, told in views.items() if buyer.name in told] == []
    scan = {"event": event, "code": order["tickets"][0]["code"]}
    admitted = await staff["steward"].ask("POST", "/door/admissions", scan)
    assert admitted.json()["admitted"] is True
    assert buyer.name not in admitted.text
    name = await staff["supervisor"].get(f"/people/{found['subject']}/name")
    assert name["name"] == buyer.name
    refused = await staff["box_office"].ask("GET", f"/people/{found['subject']}/name")
    assert refused.status == 403


async def _views(
    staff: dict[str, Browser], subject: str, order: dict[str, Any], email: str
) -> dict[str, str]:
    """Everything that staff and an organiser can ask about this person, as it was told."""
    told = {}
    clerk, organiser = staff["box_office"], staff["organiser"]
    for sought in (order["number"], email):
        found = await clerk.ask("POST", "/counter/orders/search", {"sought": sought})
        told[f"counter, {sought}"] = found.text
    told["order"] = (await clerk.ask("GET", f"/orders/{order['id']}")).text
    for role in ("box_office", "supervisor", "privacy_officer"):
        told[f"search, {role}"] = (await staff[role].ask("POST", "/people/search", {"email": email})).text
        told[f"person, {role}"] = (await staff[role].ask("GET", f"/people/{subject}")).text
    told["cases"] = (await staff["privacy_officer"].ask("GET", "/privacy/cases")).text
    told["shields"] = (await staff["privacy_officer"].ask("GET", "/privacy/protections")).text
    for path in ("attendees", "deliveries", "events"):
        told[path] = (await organiser.ask("GET", f"/organiser/{path}")).text
    return told
