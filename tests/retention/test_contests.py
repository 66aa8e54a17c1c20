"""The register of automated decisions, and the person who looks again (F-68, W-46, W-47, Art. 22(3))."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.actors import Actor, Role
from contracts.orders.events import DecisionAutomatedV1, DecisionContestedV1
from contracts.retention.events import DecisionReviewedV1
from contracts.texts import Text
from tests.accounts.premises import NOON, Open
from tests.retention.test_cases import OFFICER, ask, case_of

TITLE = Text(nl="Storm op zee", fr="Tempête en mer", en="Storm at sea")


@pytest.fixture
def me() -> Actor:
    return Actor(Role.VISITOR, uuid4())


def decided(me: Actor, decision: UUID) -> DecisionAutomatedV1:
    return DecisionAutomatedV1(
        subject=me.id,
        decision=decision,
        event=uuid4(),
        title=TITLE,
        rule="event",
        most=4,
        counted=3,
        asked=2,
        decided_at=NOON,
    )


def contested(me: Actor, decision: UUID) -> DecisionContestedV1:
    return DecisionContestedV1(
        subject=me.id, decision=decision, view="Ik bestel voor een klas.", contested_at=NOON
    )


async def opened(door: Open, me: Actor) -> Any:
    """The case of a contest, heard of in the worst order, and twice."""
    decision = uuid4()
    for said in (contested(me, decision), decided(me, decision), contested(me, decision)):
        await door.hear(said)
    status, body = await door.call("GET", "/cases", actor=me)
    assert status == 200
    (case,) = body["cases"]
    return case


async def review(door: Open, case: str, actor: Actor, **body: Any) -> tuple[int, Any]:
    return await door.call("POST", f"/cases/{case}/review", {"reasons": "Een klas mag.", **body}, actor)


@pytest.mark.requirement("W-46", "W-47", "F-68")
async def test_a_contest_is_a_case_with_the_clocks_of_every_other(retention: Open, me: Actor) -> None:
    case = await opened(retention, me)
    assert (case["kind"], case["state"], case["waiting_for"]) == ("contest", "asked", [])
    assert case["promised_by"].startswith(str((NOON + timedelta(days=28)).date()))
    said = case["contest"]
    assert (said["most"], said["counted"], said["asked"], said["rule"]) == (4, 3, 2, "event")
    assert (said["view"], said["review"]) == ("Ik bestel voor een klas.", None)


@pytest.mark.requirement("W-46", "F-68")
async def test_a_person_decides_once_and_everybody_hears_of_it(retention: Open, me: Actor) -> None:
    case = await opened(retention, me)
    status, answered = await review(retention, case["id"], OFFICER, granted=3)
    assert (status, answered["state"]) == (200, "closed")
    assert answered["contest"]["review"] == {"granted": 3, "reasons": "Een klas mag."}
    (told,) = [one for one in await retention.said() if isinstance(one, DecisionReviewedV1)]
    assert (told.granted, told.reasons, told.title, str(told.case)) == (3, "Een klas mag.", TITLE, case["id"])

    status, problem = await review(retention, case["id"], OFFICER)
    assert (status, problem["type"]) == (409, "/problems/reviewed-already")
    status, figures = await retention.call("GET", "/decisions", actor=OFFICER)
    assert (status, figures) == (200, {"made": 1, "contested": 1, "granted": 1, "upheld": 0})


@pytest.mark.requirement("W-46")
async def test_only_the_privacy_desk_decides_and_only_with_reasons(retention: Open, me: Actor) -> None:
    case = await opened(retention, me)
    assert (await review(retention, case["id"], me))[0] == 403
    assert (await review(retention, case["id"], OFFICER, reasons=" "))[0] == 422
    assert (await review(retention, case["id"], OFFICER, granted=51))[0] == 422
    status, copy = await ask(retention, me, "copy")
    assert status == 201
    assert (await review(retention, copy["id"], OFFICER))[1]["type"] == "/problems/not-contested"
    assert (await case_of(retention, case["id"], me))["state"] == "asked"


@pytest.mark.requirement("W-46")
async def test_a_contest_whose_numbers_are_under_way_waits_for_them(retention: Open, me: Actor) -> None:
    await retention.hear(contested(me, uuid4()))
    _, body = await retention.call("GET", "/cases", actor=OFFICER)
    (case,) = body["cases"]
    assert case["contest"]["most"] is None
    assert (await review(retention, case["id"], OFFICER))[1]["type"] == "/problems/decision-unheard"


@pytest.mark.requirement("W-43", "W-46")
async def test_an_erasure_answers_a_contest_and_nobody_decides_any_more(retention: Open, me: Actor) -> None:
    case = await opened(retention, me)
    await ask(retention, me, "erasure", understood=True)
    assert (await case_of(retention, case["id"], me))["state"] == "closed"
    assert (await review(retention, case["id"], OFFICER))[0] == 409


@pytest.mark.requirement("G-41", "W-46")
async def test_whoever_contests_is_known_from_then_on_and_forgotten_one_day(
    retention: Open, me: Actor
) -> None:
    await opened(retention, me)
    known = {"subject_id": me.id, "kind": "known", "day": NOON.date()}
    assert await retention.rows("SELECT subject_id, kind, day FROM activity") == [known]
