"""Half of the visitors restrict processing (Art. 18): they are hidden, and every sum stays what it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from contracts.envelope import Event
from contracts.retention.events import RestrictionSetV1
from tests.orders.stage import Evening, Stage, staff, visitor
from tests.orders.test_buying import bought, placed, press
from tests.orders.test_holding import timer
from tests.orders.test_sharing import REGISTERED, agreement
from tests.orders.test_sharing import hear as hear
from tests.orders.test_sharing import shared as shared

Hear = Callable[[Event], Any]
SEATS = ("A1", "A2", "A3", "A4", "A5", "A6")


def restricted(person: Actor, *, version: int = 1) -> RestrictionSetV1:
    return RestrictionSetV1(subject=person.id, restricted=version % 2 == 1, version=version)


async def scan(stage: Stage, evening: Evening, order: dict[str, Any]) -> Any:
    code = order["tickets"][0]["code"]
    wish = {"event": str(evening.event), "code": code}
    return (await stage.ask(staff(Role.STEWARD), "POST", "/door/admissions", wish)).body


async def sums(stage: Stage, evening: Evening) -> list[Any]:
    """Everything that is counted or added up, at the doors where people ask for it."""
    organiser = Actor(Role.ORGANISER, uuid4(), evening.partner)
    season = (await stage.ask(visitor(), "GET", "/events")).body["events"]
    slug = season[0]["slug"]
    asked = (
        (visitor(), "/events"),
        (visitor(), f"/events/{slug}"),
        (staff(Role.STEWARD), f"/door/events/{evening.event}"),
        (staff(Role.FINANCE), "/books"),
        (organiser, f"/events/{evening.event}/figures"),
        (organiser, "/organiser/events"),
    )
    found = [await stage.ask(actor, "GET", path) for actor, path in asked]
    assert {one.status for one in found} == {200}
    return [one.body for one in found]


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("G-15")
async def test_when_half_of_the_visitors_are_restricted_every_sum_stays(
    stage: Stage, hear: Hear, shared: Evening, clock: SetClock
) -> None:
    await hear(agreement(shared, clock))
    people = [visitor() for _ in SEATS]
    tickets = [await bought(stage, shared, who, seat) for who, seat in zip(people, SEATS, strict=True)]
    assert (await scan(stage, shared, tickets[0]))["admitted"]
    before = await sums(stage, shared)
    for person in people[::2]:
        await hear(restricted(person))
    assert await sums(stage, shared) == before
    # Their tickets still let them in: a ticket knows nobody.
    welcome = await scan(stage, shared, tickets[2])
    assert (welcome["admitted"], welcome["inside"]) == (True, 2)
    assert len(await stage.announced("orders.attendee.admitted.v1")) == 2


@pytest.mark.requirement("W-43")
async def test_whoever_is_restricted_still_sees_their_own_order_and_nobody_else_does(
    stage: Stage, hear: Hear, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    await hear(restricted(noor))
    mine = await stage.ask(noor, "GET", f"/orders/{order['id']}")
    assert (mine.status, mine.body["tickets"][0]["seat"]) == (200, "A1")
    assert (await stage.ask(visitor(), "GET", f"/orders/{order['id']}")).status == 404
    assert len((await stage.ask(noor, "GET", "/my/orders")).body["orders"]) == 1


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("G-41")
async def test_a_payment_under_way_ends_well_and_is_kept_for_whoever_paid(
    stage: Stage, hear: Hear, evening: Evening, noor: Actor
) -> None:
    order = await placed(stage, evening, noor, "A1")
    await hear(restricted(noor))
    await asyncio.to_thread(press, order["checkout_url"], "paid")
    payment = await stage.payment_of(order["id"])
    assert (await stage.mollie_calls(payment["provider_id"])).status == 200
    (issued,) = await stage.announced("orders.tickets.issued.v1")
    (day,) = await stage.announced("orders.order.paid.v1")
    assert issued["subject"] == day["subject"] == str(noor.id)
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).body["state"] == "paid"


@pytest.mark.requirement("W-43")
@pytest.mark.requirement("G-51")
async def test_nobody_is_told_of_who_is_restricted_until_that_ends(
    stage: Stage, service: Service, hear: Hear, shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await bought(stage, shared, noor, "A1")
    await hear(restricted(noor))
    await hear(agreement(shared, clock))
    await timer(service, "announce_attendees")
    assert await stage.announced(REGISTERED) == []
    await hear(restricted(noor, version=2))
    clock.move(timedelta(seconds=1))
    await timer(service, "announce_attendees")
    (told,) = await stage.announced(REGISTERED)
    assert told["name"] == "Noor Vandenbroucke"
