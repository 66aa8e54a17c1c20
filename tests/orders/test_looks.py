"""Who looks at buyers: a reason of the list, an entry for each look, and the buyer reads it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.actors import Actor, Role
from tests.orders.stage import Evening, Stage, staff, visitor
from tests.orders.test_buying import bought

CLERK, STEWARD = staff(Role.BOX_OFFICE), staff(Role.STEWARD)


async def looks_at(stage: Stage, person: Actor) -> list[dict[str, Any]]:
    answer = await stage.ask(person, "GET", "/people/me/looks")
    assert answer.status == 200, answer.body
    looks: list[dict[str, Any]] = answer.body["looks"]
    return looks


@pytest.mark.requirement("G-71")
@pytest.mark.parametrize(
    ("why", "case", "slug"),
    [
        (None, None, "reason-missing"),
        ("curiosity", None, "reason-unknown"),
        ("legal-demand", None, "case-missing"),
        ("just because!", None, "malformed-header"),
        ("legal-demand", "7", "malformed-header"),
        pytest.param(None, str(uuid4()), "malformed-header", id="a-case-without-a-reason"),
    ],
)
async def test_without_a_reason_of_the_list_nobody_of_staff_sees_an_order(
    stage: Stage, evening: Evening, noor: Actor, why: str | None, case: str | None, slug: str
) -> None:
    order = await bought(stage, evening, noor, "A1")
    answer = await stage.ask(CLERK, "GET", f"/orders/{order['id']}", why=why, case=case)
    assert answer.body["type"] == f"/problems/{slug}"
    assert answer.status == (400 if slug == "malformed-header" else 422)
    assert await looks_at(stage, noor) == []


@pytest.mark.requirement("W-40")
async def test_a_buyer_reads_that_the_box_office_looked_and_why(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    path = f"/orders/{order['id']}"
    assert (await stage.ask(CLERK, "GET", path, why="order-problem")).status == 200
    assert (await stage.ask(CLERK, "GET", path, why="legal-demand", case=str(uuid4()))).status == 200
    assert (await stage.ask(noor, "GET", path, why=None)).status == 200
    seen = await looks_at(stage, noor)
    assert {(one["role"], one["reason"], one["purpose"]) for one in seen} == {
        ("box_office", "legal-demand", "order_guidance"),
        ("box_office", "order-problem", "order_guidance"),
    }
    assert str(CLERK.id) not in str(seen)
    assert await looks_at(stage, visitor()) == []


@pytest.mark.requirement("G-71")
async def test_the_door_leaves_an_entry_for_whoever_has_a_name_and_asks_for_no_reason(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    scan = {"event": str(evening.event), "code": order["tickets"][0]["code"]}
    for reason in ("welcome", "already_admitted"):
        answer = await stage.ask(STEWARD, "POST", "/door/admissions", scan, why=None)
        assert answer.body["reason"] == reason
    seen = await looks_at(stage, noor)
    assert [(one["role"], one["reason"]) for one in seen] == [("steward", "door-check")] * 2


async def test_tickets_of_the_counter_and_forged_ones_tell_of_nobody(stage: Stage, evening: Evening) -> None:
    sold = await stage.ask(CLERK, "POST", "/counter/sales", evening.wish("A1"), uuid4().hex)
    for code in (sold.body["tickets"][0]["code"], "forged"):
        await stage.ask(STEWARD, "POST", "/door/admissions", {"event": str(evening.event), "code": code})
    assert await stage.look("SELECT FROM access_entry") == []


@pytest.mark.requirement("G-71")
async def test_a_search_that_finds_nobody_is_kept_too(stage: Stage, evening: Evening) -> None:
    officer = staff(Role.PRIVACY_OFFICER)
    assert (await stage.ask(officer, "GET", "/orders/by-number/0000-0000/subject")).status == 404
    [kept] = await stage.look("SELECT actor, seen FROM access_entry")
    assert (kept["actor"], kept["seen"]) == (officer.id, 0)


@pytest.mark.requirement("G-71")
async def test_stewards_who_scan_at_once_each_leave_entries_of_their_own(
    stage: Stage, evening: Evening
) -> None:
    sold = [await bought(stage, evening, visitor(), label) for label in ("A1", "A2", "A3", "A4")]
    stewards = [staff(Role.STEWARD) for _ in sold]

    async def scan(who: Actor, order: Any) -> Any:
        body = {"event": str(evening.event), "code": order["tickets"][0]["code"]}
        return (await stage.ask(who, "POST", "/door/admissions", body, why=None)).body["reason"]

    pairs = list(zip(stewards, sold, strict=True))
    answers = await asyncio.gather(*(scan(*pair) for pair in pairs * 2))
    assert sorted(answers) == ["already_admitted"] * 4 + ["welcome"] * 4
    entries = await stage.look(
        """SELECT e.actor, s.subject FROM access_entry e JOIN access_subject s ON s.entry = e.id
           WHERE e.purpose = 'door_admission'"""
    )
    holders = {row["order_id"]: row["subject_id"] for row in await stage.look("SELECT * FROM order_person")}
    expected = {(who.id, holders[UUID(order["id"])]) for who, order in pairs}
    assert {(row["actor"], row["subject"]) for row in entries} == expected
    assert len(entries) == 8
