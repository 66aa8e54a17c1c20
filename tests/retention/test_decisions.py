"""A restriction ends after the person was told; a person weighs an objection (Art. 18(3), 21(1))."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import ObjectionRaisedV1
from contracts.actors import Actor, Role
from contracts.notify.events import MessageSentV1
from contracts.retention.events import ObjectionDecidedV1, RestrictionEndingV1, RestrictionSetV1
from tests.accounts.premises import NOON, Open

OFFICER = Actor(Role.PRIVACY_OFFICER, uuid4())
DOOR_LIST = "co_presentation_door_list"


@pytest.fixture
def me() -> Actor:
    return Actor(Role.VISITOR, uuid4())


async def restricted(door: Open, me: Actor) -> str:
    status, case = await door.call("POST", "/cases", {"kind": "restriction"}, me)
    assert (status, case["restricted"]) == (201, True)
    await door.said()
    return str(case["id"])


def letter(me: Actor, template: str = "restriction_ending") -> MessageSentV1:
    return MessageSentV1(subject=me.id, message=uuid4(), template=template)


@pytest.mark.requirement("W-43")
async def test_the_house_ends_a_restriction_only_after_its_letter_left_and_the_time_is_over(
    retention: Open, me: Actor
) -> None:
    case = await restricted(retention, me)
    status, shown = await retention.call("POST", f"/cases/{case}/lift", actor=OFFICER)
    assert (status, shown["restricted"], shown["lifts_at"]) == (200, True, "2026-11-24T12:00:00Z")
    told = RestrictionEndingV1(subject=me.id, case=UUID(case), lifts_at=NOON + timedelta(hours=72))
    assert await retention.said() == [told]
    retention.clock.move(timedelta(hours=80))
    await retention.hear(letter(me, "tickets"))
    await retention.run_timer("end_restrictions")
    assert await retention.said() == [], "nobody was told yet"
    await retention.hear(letter(me))
    await retention.run_timer("end_restrictions")
    await retention.run_timer("end_restrictions")
    assert await retention.said() == [RestrictionSetV1(subject=me.id, restricted=False, version=2)]
    status, problem = await retention.call("POST", f"/cases/{case}/lift", actor=OFFICER)
    assert (status, problem["type"]) == (409, "/problems/nothing-to-lift")


@pytest.mark.requirement("W-43")
async def test_a_letter_that_left_early_ends_nothing_early(retention: Open, me: Actor) -> None:
    case = await restricted(retention, me)
    await retention.call("POST", f"/cases/{case}/lift", actor=OFFICER)
    await retention.hear(letter(me))
    await retention.said()
    await retention.run_timer("end_restrictions")
    assert await retention.said() == []


@pytest.mark.requirement("W-43")
async def test_the_person_ends_it_at_once_and_nobody_elses(retention: Open, me: Actor) -> None:
    case = await restricted(retention, me)
    stranger = Actor(Role.VISITOR, uuid4())
    assert (await retention.call("POST", f"/cases/{case}/lift", actor=stranger))[0] == 404
    status, shown = await retention.call("POST", f"/cases/{case}/lift", actor=me)
    assert (status, shown["restricted"]) == (200, False)
    assert await retention.said() == [RestrictionSetV1(subject=me.id, restricted=False, version=2)]
    again = await restricted(retention, me)
    assert again != case


async def objected(door: Open, me: Actor) -> dict[str, Any]:
    raised = ObjectionRaisedV1(subject=me.id, purpose=DOOR_LIST, organisation=None)
    await door.hear(raised, raised)
    _, found = await door.call("GET", "/cases", actor=OFFICER)
    (case,) = found["cases"]
    return dict(case)


@pytest.mark.requirement("W-45")
async def test_an_objection_is_one_case_with_both_clocks_and_a_person_decides(
    retention: Open, me: Actor
) -> None:
    case = await objected(retention, me)
    assert (case["kind"], case["purpose"], case["waiting_for"]) == ("objection", DOOR_LIST, [])
    assert (case["promised_by"], case["due_by"]) == ("2026-12-19T12:00:00Z", "2026-12-21T12:00:00Z")
    door = f"/cases/{case['id']}/decision"
    for body, slug in (
        ({"stands": False}, "grounds-missing"),
        ({"stands": True, "grounds": "legal_claims"}, "grounds-too-many"),
    ):
        status, problem = await retention.call("POST", door, body, OFFICER)
        assert (status, problem["type"]) == (422, f"/problems/{slug}")
    assert (await retention.call("POST", door, {"stands": True}, me))[0] == 403
    body = {"stands": False, "grounds": "legal_claims"}
    status, decided = await retention.call("POST", door, body, OFFICER)
    assert (status, decided["state"], decided["grounds"]) == (200, "closed", "legal_claims")
    told = ObjectionDecidedV1(
        subject=me.id,
        case=UUID(case["id"]),
        purpose=DOOR_LIST,
        organisation=None,
        stands=False,
        grounds="legal_claims",
    )
    assert await retention.said() == [told]
    status, problem = await retention.call("POST", door, {"stands": True}, OFFICER)
    assert (status, problem["type"]) == (409, "/problems/nothing-to-decide")
