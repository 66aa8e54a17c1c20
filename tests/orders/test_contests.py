"""Whoever a purchase limit refused can ask a person, and gets what that person gives (W-46, Art. 22(3))."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.service import Service
from chassis.testing import SetClock, heard
from contracts.actors import Actor
from contracts.retention.events import DecisionReviewedV1
from contracts.texts import Text
from tests.orders.stage import Answered, Evening, Stage, checkout, put_on, visitor
from tests.orders.test_limits import limited, ordered

TITLE = Text(nl="Storm op zee", fr="Tempête en mer", en="Storm at sea")


async def refused(stage: Stage, evening: Evening, noor: Actor, places: int = 5) -> str:
    """A hold whose order a limit of four refused."""
    await limited(stage)
    kept = await stage.hold(noor, evening, standing=places)
    assert (await stage.order(noor, kept.body["id"])).slug == "purchase-limit"
    return str(kept.body["id"])


async def contest(stage: Stage, noor: Actor, hold: str, **changes: Any) -> Answered:
    typed = {name: checkout(hold)[name] for name in ("name", "email", "phone", "locale")}
    body = typed | {"view": "Ik bestel voor een klas."} | changes
    return await stage.ask(noor, "POST", f"/holds/{hold}/contest", body)


async def review(service: Service, clock: SetClock, decision: str, granted: int) -> None:
    """What retention says when a person decided."""
    said = DecisionReviewedV1(
        subject=uuid4(), case=uuid4(), decision=UUID(decision), title=TITLE, granted=granted, reasons="Mag."
    )
    listening = next(one for one in service.subscriptions if one.event is DecisionReviewedV1)
    await listening.handle(heard(said, clock.now()))


@pytest.mark.requirement("W-46", "F-68")
async def test_a_refused_buyer_asks_a_person_who_is_told_the_numbers_and_where_to_answer(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    hold = await refused(stage, evening, noor)
    first, again = [await contest(stage, noor, hold) for _ in range(2)]
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert (first.body["most"], first.body["counted"], first.body["asked"]) == (4, 0, 5)

    (decided,) = await stage.announced("orders.decision.automated.v1")
    (said,) = await stage.announced("orders.decision.contested.v1")
    assert said["decision"] == decided["decision"] == first.body["decision"]
    assert said["view"] == "Ik bestel voor een klas."
    (named,) = await stage.announced("orders.buyer.named.v1")
    assert (named["subject"], named["email"], named["version"]) == (str(noor.id), "noor@visitors.example", 1)


@pytest.mark.requirement("W-46")
async def test_what_nobody_decided_cannot_be_contested_and_neither_can_what_was_decided_of_another(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    kept = await stage.hold(noor, evening, standing=1)
    assert (await contest(stage, noor, kept.body["id"])).slug == "nothing-decided"
    hold = await refused(stage, evening, noor)
    assert (await contest(stage, visitor(), hold)).slug == "nothing-decided"
    assert (await contest(stage, noor, hold, email="lena@visitors.example")).slug == "nothing-decided"
    assert (await contest(stage, noor, hold, view=" ")).status == 422
    assert await stage.announced("orders.decision.contested.v1") == []


@pytest.mark.requirement("W-46")
async def test_a_person_gives_places_on_top_and_the_buyer_orders_them_as_somebody_new(
    stage: Stage, service: Service, noor: Actor, clock: SetClock
) -> None:
    evening = await put_on(stage.dsn, clock.now(), standing=60)
    hold = await refused(stage, evening, noor)
    decision = (await contest(stage, noor, hold)).body["decision"]
    await review(service, clock, decision, 3)
    assert (await ordered(stage, evening, 8, "noor@visitors.example")).body["facts"]["most"] == 7
    assert (await ordered(stage, evening, 7, "NOOR@visitors.example")).status == 201
    assert (await ordered(stage, evening, 1, "noor@visitors.example")).slug == "purchase-limit"
    assert (await ordered(stage, evening, 5, "lena@visitors.example")).slug == "purchase-limit"


@pytest.mark.requirement("W-46")
async def test_who_asked_may_order_fewer_meanwhile_and_is_named_by_what_was_typed_last(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    hold = await refused(stage, evening, noor)
    await contest(stage, noor, hold)
    await stage.look("UPDATE event SET buyer_limit = 5")
    assert (await stage.order(noor, hold, name="Noor V.")).status == 201
    named = await stage.announced("orders.buyer.named.v1")
    # Both were said at one moment of this clock: the version tells which is newer, as it does for listeners.
    assert sorted((one["version"], one["name"]) for one in named) == [
        (1, "Noor Vandenbroucke"),
        (2, "Noor V."),
    ]
