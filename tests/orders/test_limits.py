"""Purchase limits: an automated decision that counts rightly, explains itself and is forgotten (W-46)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from chassis.forgetting import carry_out_erasure
from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import SYSTEM, Actor, Role
from services.orders.domain.limits import BuyerKeys, Rule, decide_limits
from tests.orders.stage import Answered, Evening, Stage, put_on, visitor
from tests.orders.test_holding import timer

MANY = st.integers(0, 50)


async def limited(stage: Stage, most: int = 4, **column: int) -> None:
    """Set the limit of every event, as a planner would."""
    name, value = next(iter(column.items()), ("buyer_limit", most))
    await stage.look(f"UPDATE event SET {name} = $1", value)


async def ordered(
    stage: Stage, evening: Evening, places: int, email: str, who: Actor | None = None
) -> Answered:
    """Order standing places under an address, as somebody new unless told who."""
    buyer = who or visitor()
    kept = await stage.hold(buyer, evening, standing=places)
    return await stage.order(buyer, kept.body["id"], email=email)


@pytest.mark.requirement("W-46")
@given(MANY, MANY, MANY, st.integers(1, 50))
def test_a_buyer_never_has_more_than_allowed_and_never_fewer_than_could_be(
    most: int, counted: int, granted: int, asked: int
) -> None:
    decided = decide_limits([Rule("event", most, counted, granted)], asked)
    assert isinstance(decided, Accepted) == (counted + asked <= most + granted)
    if isinstance(decided, Refused):
        left = decided.facts["left"]
        assert isinstance(left, int)
        assert asked > left == max(0, most + granted - counted)


def test_an_address_is_known_again_however_it_was_typed_and_by_nobody_without_the_key() -> None:
    keys = BuyerKeys(b"secret")
    assert keys.of(" Noor@Visitors.example") == keys.of("noor@visitors.EXAMPLE ")
    assert keys.of("noor@visitors.example") != keys.of("lena@visitors.example")
    assert keys.of("noor@visitors.example") != BuyerKeys(b"another").of("noor@visitors.example")


@pytest.mark.requirement("W-46", "F-68")
async def test_a_limit_counts_over_orders_and_tells_in_numbers_what_a_machine_decided(
    stage: Stage, evening: Evening
) -> None:
    await limited(stage)
    assert (await ordered(stage, evening, 3, "noor@visitors.example")).status == 201
    refused = await ordered(stage, evening, 2, "Noor@visitors.example ")
    assert (refused.status, refused.slug) == (409, "purchase-limit")
    assert refused.body["facts"] == {"most": 4, "counted": 3, "asked": 2, "left": 1}
    assert "computer" in refused.body["title"]
    assert (await ordered(stage, evening, 1, "noor@visitors.example")).status == 201
    assert (await ordered(stage, evening, 4, "lena@visitors.example")).status == 201

    (told,) = await stage.announced("orders.decision.automated.v1")
    assert (told["rule"], told["most"], told["counted"], told["asked"]) == ("event", 4, 3, 2)
    assert "@" not in str(told)
    claims = await stage.look("SELECT * FROM limit_claim")
    assert sorted(claim["places"] for claim in claims) == [1, 3, 4]
    assert all(b"noor" not in claim["buyer_key"] for claim in claims)


@pytest.mark.requirement("W-46")
async def test_a_refusal_that_comes_again_is_one_decision_and_its_places_stay_held(
    stage: Stage, evening: Evening
) -> None:
    await limited(stage, 1)
    noor = visitor()
    kept = await stage.hold(noor, evening, standing=2)
    for _ in range(2):
        assert (await stage.order(noor, kept.body["id"])).slug == "purchase-limit"
    assert len(await stage.announced("orders.decision.automated.v1")) == 1
    assert (await stage.ask(noor, "GET", f"/holds/{kept.body['id']}")).body["state"] == "held"
    assert (await stage.order(noor, kept.body["id"], email="two@visitors.example")).slug == "purchase-limit"


@pytest.mark.requirement("W-46")
async def test_where_no_limit_stands_nobody_is_counted_and_the_counter_never_is(
    stage: Stage, evening: Evening
) -> None:
    assert (await ordered(stage, evening, 5, "noor@visitors.example")).status == 201
    assert await stage.look("SELECT FROM limit_claim") == []
    await limited(stage, 1)
    clerk = Actor(Role.BOX_OFFICE, uuid4())
    sale = evening.wish(standing=3) | {"method": "cash"}
    assert (await stage.ask(clerk, "POST", "/counter/sales", sale, uuid4().hex)).status == 201
    assert await stage.look("SELECT FROM limit_claim") == []


@pytest.mark.requirement("W-46")
async def test_two_checkouts_of_one_buyer_at_once_do_not_both_slip_through(
    stage: Stage, clock: SetClock
) -> None:
    evening = await put_on(stage.dsn, clock.now(), standing=60)
    await limited(stage)
    answers = await asyncio.gather(*(ordered(stage, evening, 2, "noor@visitors.example") for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [201] * 2 + [409] * 6


@pytest.mark.requirement("W-46")
async def test_one_hold_under_two_addresses_at_once_is_counted_for_the_one_that_ordered(
    stage: Stage, evening: Evening
) -> None:
    await limited(stage)
    noor = visitor()
    kept = await stage.hold(noor, evening, standing=4)
    emails = [f"noor{number}@visitors.example" for number in range(4)]
    answers = await asyncio.gather(*(stage.order(noor, kept.body["id"], email=one) for one in emails))
    assert [answer.status for answer in answers].count(201) == 1
    (person,) = await stage.look("SELECT email FROM order_person")
    assert (await ordered(stage, evening, 1, person["email"])).slug == "purchase-limit"


@pytest.mark.requirement("W-46")
async def test_who_is_logged_in_counts_under_every_address(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    await limited(stage)
    assert (await ordered(stage, evening, 3, "noor@visitors.example", noor)).status == 201
    assert (await ordered(stage, evening, 2, "other@visitors.example", noor)).slug == "purchase-limit"


@pytest.mark.requirement("W-46")
async def test_what_was_not_paid_counts_no_more(
    stage: Stage, service: Service, evening: Evening, clock: SetClock
) -> None:
    await limited(stage)
    assert (await ordered(stage, evening, 4, "noor@visitors.example")).status == 201
    assert (await ordered(stage, evening, 1, "noor@visitors.example")).slug == "purchase-limit"
    clock.move(timedelta(hours=2))
    await timer(service, "expire_holds")
    assert (await ordered(stage, evening, 4, "noor@visitors.example")).status == 201


@pytest.mark.requirement("W-46")
async def test_a_limit_of_a_production_counts_over_all_its_dates(stage: Stage, clock: SetClock) -> None:
    friday = await put_on(stage.dsn, clock.now(), slug="friday")
    saturday = await put_on(stage.dsn, clock.now(), slug="saturday")
    production = uuid4()
    await stage.look(
        "INSERT INTO production (production_id, organisation_id, title, blurb, buyer_limit)"
        " SELECT $1, organisation_id, title, blurb, 5 FROM event LIMIT 1",
        production,
    )
    await stage.look("UPDATE event SET production_id = $1, production_limit = 5", production)
    assert (await ordered(stage, friday, 3, "noor@visitors.example")).status == 201
    refused = await ordered(stage, saturday, 3, "noor@visitors.example")
    assert (refused.slug, refused.body["facts"]["left"]) == ("purchase-limit-of-production", 2)
    assert (await ordered(stage, saturday, 2, "noor@visitors.example")).status == 201


@pytest.mark.requirement("W-46", "W-20")
async def test_what_was_counted_is_forgotten_seven_days_after_the_event(
    stage: Stage, service: Service, evening: Evening, clock: SetClock
) -> None:
    await limited(stage)
    await ordered(stage, evening, 3, "noor@visitors.example")
    await ordered(stage, evening, 2, "noor@visitors.example")

    async def left() -> list[Any]:
        await timer(service, "forget_limits")
        return await stage.look(
            "SELECT hold_id FROM limit_claim UNION ALL SELECT hold_id FROM limit_decision"
        )

    assert len(await left()) == 2
    clock.move(timedelta(days=13))
    assert len(await left()) == 2
    await stage.look("UPDATE event SET ends_at = ends_at + interval '1 day'")
    clock.move(timedelta(days=1))
    assert len(await left()) == 2
    clock.move(timedelta(days=1))
    assert await left() == []


@pytest.mark.requirement("W-43", "W-46")
async def test_an_erasure_forgets_what_was_counted_and_a_restriction_does_not_lift_the_limit(
    stage: Stage, service: Service, evening: Evening, noor: Actor
) -> None:
    await limited(stage)
    assert (await ordered(stage, evening, 4, "noor@visitors.example", noor)).status == 201
    await stage.look(
        "INSERT INTO gate (subject, purpose, organisation, channel, state, version)"
        " VALUES ($1, '*', NULL, '*', 'restricted', 1)",
        noor.id,
    )
    assert (await ordered(stage, evening, 1, "noor@visitors.example")).slug == "purchase-limit"
    async with service.workplace("rights", SYSTEM) as tx:
        done = await carry_out_erasure(tx, service.charter, noor.id, uuid4())
    assert done.counts["limit_claim"] == 1
    assert (await ordered(stage, evening, 1, "noor@visitors.example")).status == 201
