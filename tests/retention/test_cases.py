"""Rights over HTTP, and receipts by hand: from the order to the last word."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import ActivitySeenV1
from contracts.actors import Actor, Role
from contracts.answers import ErasureCarriedOut
from contracts.catalogue import events
from contracts.envelope import Event
from contracts.orders.events import OrderPaidV1
from contracts.retention.events import (
    CopyOrderedV1,
    ErasureOrderedV1,
    ErasureTellingV1,
    RestrictionSetV1,
)
from contracts.retention.receipts import ErasureCarriedOutV1
from contracts.sharing.events import RecallAcknowledgedV1, RecallOverdueV1
from services.retention.store.ledger import entries
from tests.accounts.premises import Open

OFFICER = Actor(Role.PRIVACY_OFFICER, uuid4())
TROUPE, CHOIR = uuid4(), uuid4()
OTHERS = ("accounts", "orders", "sharing", "gateway")


@pytest.fixture
def me() -> Actor:
    return Actor(Role.VISITOR, uuid4())


def erased(service: str, subject: UUID, case: UUID, *recipients: UUID) -> Event:
    kind: Any = events()[f"{service}.erasure.carried_out.v1"]
    event: Event = kind(
        subject=subject,
        case=case,
        counts={"person": 1},
        kept_for_the_books={"invoice": 2} if service == "orders" else {},
        recipients=recipients,
    )
    return event


def ready(service: str, subject: UUID, request: UUID) -> Event:
    kind: Any = events()[f"{service}.copy.ready.v1"]
    event: Event = kind(subject=subject, request=request, sha256="0" * 64, counts={"x": 1})
    return event


async def ask(door: Open, actor: Actor, kind: str, **more: Any) -> tuple[int, Any]:
    return await door.call("POST", "/cases", {"kind": kind, **more}, actor)


async def case_of(door: Open, case: str, actor: Actor) -> Any:
    status, body = await door.call("GET", f"/cases/{case}", actor=actor)
    assert status == 200
    return body


@pytest.mark.requirement("G-63")
async def test_an_erasure_without_having_been_told_is_refused(retention: Open, me: Actor) -> None:
    status, problem = await ask(retention, me, "erasure")
    assert (status, problem["type"]) == (422, "/problems/erasure-not-understood")
    assert await retention.said() == []


@pytest.mark.requirement("G-62")
async def test_an_erasure_goes_the_whole_way(retention: Open, me: Actor, ledger_path: Path) -> None:
    await retention.hear(OrderPaidV1(subject=me.id, order=uuid4(), day=date(2026, 11, 20)))
    status, case = await ask(retention, me, "erasure", understood=True)
    assert status == 201
    number = UUID(case["id"])
    assert case["waiting_for"] == ["accounts", "gateway", "notify", "orders", "retention", "sharing"]
    (order,) = await retention.said()
    assert isinstance(order, ErasureOrderedV1)
    await retention.hear(order)
    (own,) = await retention.said()
    assert isinstance(own, ErasureCarriedOutV1)
    assert own.counts["activity"] == 1
    assert own.kept_for_the_books["case_file"] == 1
    await retention.hear(own)
    for service in OTHERS:
        assert await retention.said() == []
        named = (TROUPE,) if service == "sharing" else ()
        await retention.hear(erased(service, me.id, number, *named))
    assert (await case_of(retention, case["id"], me))["recipients"] == [
        {"recipient": str(TROUPE), "state": "waiting"}
    ]
    assert await retention.said() == []
    await retention.hear(RecallAcknowledgedV1(subject=me.id, case=number, recipient=TROUPE))
    (telling,) = await retention.said()
    assert isinstance(telling, ErasureTellingV1)
    assert [entry.subject for entry in entries(ledger_path)] == [me.id]
    assert (await case_of(retention, case["id"], me))["state"] == "telling"
    await retention.hear(erased("notify", me.id, number))
    closed = await case_of(retention, case["id"], me)
    assert (closed["state"], closed["waiting_for"]) == ("closed", [])
    assert closed["closed_at"] is not None
    books = {one["service"]: one["kept_for_the_books"] for one in closed["receipts"]}
    assert books["orders"] == {"invoice": 2}
    assert await retention.rows("SELECT * FROM activity") == []


async def test_receipts_in_another_order_doubled_and_an_early_answer(retention: Open, me: Actor) -> None:
    _, case = await ask(retention, me, "erasure", understood=True)
    number = UUID(case["id"])
    await retention.said()
    await retention.hear(RecallOverdueV1(subject=me.id, case=number, recipient=TROUPE))
    await retention.hear(erased("notify", me.id, number))
    for service in ("sharing", "retention", "gateway", "orders", "sharing", "orders"):
        named = (TROUPE,) if service == "sharing" else ()
        await retention.hear(erased(service, me.id, number, *named))
        assert await retention.said() == []
    await retention.hear(erased("accounts", me.id, number), erased("accounts", me.id, number))
    assert [type(one) for one in await retention.said()] == [ErasureTellingV1]
    shown = await case_of(retention, case["id"], me)
    assert shown["waiting_for"] == ["notify"]
    assert shown["recipients"] == [{"recipient": str(TROUPE), "state": "overdue"}]
    await retention.hear(RecallAcknowledgedV1(subject=me.id, case=number, recipient=TROUPE))
    await retention.hear(RecallOverdueV1(subject=me.id, case=number, recipient=TROUPE))
    await retention.hear(erased("notify", me.id, number))
    shown = await case_of(retention, case["id"], me)
    assert shown["state"] == "closed"
    assert shown["recipients"] == [{"recipient": str(TROUPE), "state": "acknowledged"}]


async def test_every_recipient_is_waited_for(retention: Open, me: Actor) -> None:
    _, case = await ask(retention, me, "erasure", understood=True)
    number = UUID(case["id"])
    await retention.said()
    await retention.hear(*(erased(service, me.id, number) for service in ("accounts", "orders")))
    await retention.hear(*(erased(service, me.id, number) for service in ("gateway", "retention")))
    await retention.hear(erased("sharing", me.id, number, TROUPE, CHOIR))
    await retention.hear(RecallAcknowledgedV1(subject=me.id, case=number, recipient=CHOIR))
    assert await retention.said() == []
    await retention.hear(RecallOverdueV1(subject=me.id, case=number, recipient=TROUPE))
    assert [type(one) for one in await retention.said()] == [ErasureTellingV1]


async def test_asking_twice_is_asking_once_also_after_the_end(retention: Open, me: Actor) -> None:
    _, first = await ask(retention, me, "erasure", understood=True)
    status, second = await ask(retention, me, "erasure", understood=True)
    assert (status, second["id"]) == (200, first["id"])
    for service in (*OTHERS, "retention", "notify"):
        await retention.hear(erased(service, me.id, UUID(first["id"])))
    await retention.said()
    status, third = await ask(retention, OFFICER, "erasure", understood=True, subject=str(me.id))
    assert (status, third["id"], third["state"]) == (200, first["id"], "closed")
    assert await retention.said() == []


async def test_an_order_goes_out_again_until_everyone_answered(retention: Open, me: Actor) -> None:
    _, case = await ask(retention, me, "erasure", understood=True)
    number = UUID(case["id"])
    await retention.said()

    async def after(seconds: int) -> list[type[Event]]:
        retention.clock.move(timedelta(seconds=seconds))
        await retention.run_timer("repeat_orders")
        return [type(one) for one in await retention.said()]

    assert await after(29) == []
    assert await after(2) == [ErasureOrderedV1]
    assert await after(58) == []
    assert await after(3) == [ErasureOrderedV1]
    for service in ("accounts", "orders", "gateway", "retention"):
        await retention.hear(erased(service, me.id, number))
    await retention.hear(erased("sharing", me.id, number, TROUPE))
    # Only the recipient outside is waited for, and sharing sees to that.
    assert await after(7200) == []
    await retention.hear(RecallOverdueV1(subject=me.id, case=number, recipient=TROUPE))
    await retention.said()
    assert await after(31) == [ErasureTellingV1]
    await retention.hear(erased("notify", me.id, number))
    assert await after(7200) == []


async def test_late_news_of_someone_erased_is_no_activity(retention: Open, me: Actor) -> None:
    _, _ = await ask(retention, me, "erasure", understood=True)
    await retention.hear(*await retention.said())
    await retention.hear(ActivitySeenV1(subject=me.id, day=date(2026, 11, 21)))
    assert await retention.rows("SELECT * FROM activity") == []


@pytest.mark.requirement("W-40")
async def test_a_copy_closes_when_all_six_parts_are_ready(retention: Open, me: Actor) -> None:
    await retention.hear(ActivitySeenV1(subject=me.id, day=date(2026, 11, 21)))
    status, case = await ask(retention, me, "copy")
    assert status == 201
    number = UUID(case["id"])
    (order,) = await retention.said()
    assert isinstance(order, CopyOrderedV1)
    await retention.hear(order)
    await retention.hear(*await retention.said())
    for service in (*OTHERS, "notify"):
        assert (await case_of(retention, case["id"], me))["state"] == "ordered"
        await retention.hear(ready(service, me.id, number), ready(service, me.id, number))
    shown = await case_of(retention, case["id"], me)
    assert (shown["state"], len(shown["receipts"])) == ("closed", 6)
    status, part = await retention.call("GET", f"/copies/{number}", actor=me)
    assert status == 200
    assert part["tables"]["activity"]["rows"][0]["kind"] == "log_in"
    assert part["tables"]["case_file"]["rows"][0]["kind"] == "copy"


async def test_an_open_copy_is_answered_again_and_a_closed_one_leads_to_a_new_one(
    retention: Open, me: Actor
) -> None:
    _, first = await ask(retention, me, "copy")
    assert (await ask(retention, me, "copy"))[1]["id"] == first["id"]
    retention.clock.move(timedelta(seconds=31))
    await retention.run_timer("repeat_orders")
    assert [type(one) for one in await retention.said()] == [CopyOrderedV1, CopyOrderedV1]
    for service in (*OTHERS, "notify", "retention"):
        await retention.hear(ready(service, me.id, UUID(first["id"])))
    status, second = await ask(retention, me, "copy")
    assert status == 201
    assert second["id"] != first["id"]


@pytest.mark.requirement("W-43")
async def test_a_restriction_is_told_once_and_obeyed_by_the_own_gate(retention: Open, me: Actor) -> None:
    status, case = await ask(retention, me, "restriction")
    assert (status, case["state"], case["waiting_for"]) == (201, "closed", [])
    assert (await ask(retention, me, "restriction"))[0] == 200
    (told,) = await retention.said()
    assert told == RestrictionSetV1(subject=me.id, restricted=True, version=1)
    await retention.hear(told)
    (gate,) = await retention.rows("SELECT purpose, state FROM gate")
    assert (gate["purpose"], gate["state"]) == ("*", "restricted")


@pytest.mark.requirement("W-43")
async def test_who_was_erased_cannot_be_restricted_again(retention: Open, me: Actor) -> None:
    await retention.hear(ErasureOrderedV1(subject=me.id, case=uuid4(), as_of=retention.clock.now()))
    await retention.said()
    status, problem = await ask(retention, me, "restriction")
    assert (status, problem["type"]) == (410, "/problems/person-erased")
    assert await retention.rows("SELECT FROM restriction") == []
    assert await retention.said() == []


async def test_cases_are_for_the_person_and_the_privacy_officer(retention: Open, me: Actor) -> None:
    _, case = await ask(retention, me, "copy")
    stranger = Actor(Role.VISITOR, uuid4())
    assert (await retention.call("GET", f"/cases/{case['id']}", actor=stranger))[0] == 404
    assert (await retention.call("GET", "/cases", actor=stranger))[1] == {"cases": []}
    assert (await ask(retention, stranger, "copy", subject=str(me.id)))[0] == 403
    assert (await ask(retention, OFFICER, "copy"))[1]["type"] == "/problems/case-needs-subject"
    assert (await ask(retention, Actor(Role.BOX_OFFICE, uuid4()), "copy"))[0] == 403
    assert (await case_of(retention, case["id"], OFFICER))["subject"] == str(me.id)
    assert (await retention.call("GET", f"/cases/{uuid4()}", actor=OFFICER))[0] == 404


@pytest.mark.requirement("W-47")
async def test_the_most_urgent_case_is_on_top_and_closed_ones_at_the_end(retention: Open) -> None:
    people = [Actor(Role.VISITOR, uuid4()) for _ in range(3)]
    opened = []
    for person in people:
        opened.append((await ask(retention, person, "copy"))[1]["id"])
        retention.clock.move(timedelta(days=1))
    for service in (*OTHERS, "notify", "retention"):
        await retention.hear(ready(service, people[0].id, UUID(opened[0])))
    _, listed = await retention.call("GET", "/cases", actor=OFFICER)
    assert [case["id"] for case in listed["cases"]] == [opened[1], opened[2], opened[0]]


async def test_a_receipt_of_an_unknown_case_changes_nothing(retention: Open, ledger_path: Path) -> None:
    receipt = erased("orders", uuid4(), uuid4())
    assert isinstance(receipt, ErasureCarriedOut)
    await retention.hear(receipt)
    assert entries(ledger_path) == ()
