"""Co-presenters hear of buyers as far as an agreement and each person allow; and persons are forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.service import Service
from chassis.testing import SetClock, heard
from contracts.accounts.events import (
    ChoiceSetV1,
    OrganisationSuspendedV1,
    OrganisationVerifiedV1,
    PersonCorrectedV1,
    ProtectionSetV1,
)
from contracts.actors import Actor, Role
from contracts.envelope import Event
from contracts.retention.events import CopyOrderedV1, ErasureOrderedV1, SweepOrderedV1
from contracts.sharing.events import AgreementInForceV1
from tests.orders.stage import Evening, Stage, put_on, staff, visitor
from tests.orders.test_buying import books, bought, placed, press
from tests.orders.test_holding import timer

ALL = ("co_presentation_door_list", "co_presentation_administration", "co_presentation_news")
REGISTERED = "orders.attendee.registered.v1"


@pytest.fixture
async def shared(stage: Stage, clock: SetClock) -> Evening:
    """An evening that another organisation presents too."""
    return await put_on(stage.dsn, clock.now(), partner=uuid4())


@pytest.fixture
def hear(service: Service, clock: SetClock) -> Callable[[Event], Any]:
    """An event arrives from the bus."""

    async def arrive(event: Event) -> None:
        (one,) = [one for one in service.subscriptions if one.event is type(event)]
        await one.handle(heard(event, clock.now()))

    return arrive


def agreement(evening: Evening, clock: SetClock, *allowed: str, version: int = 1, **more: Any) -> Event:
    """The partner of an evening accepted the terms."""
    assert evening.partner is not None
    facts: dict[str, Any] = {
        "agreement": evening.partner,
        "version": version,
        "organisation": evening.partner,
        "organisation_name": "Theater Noordzee",
        "allowed": allowed or ALL,
        "valid_from": clock.now() - timedelta(days=1),
        "valid_until": None,
    }
    return AgreementInForceV1(**(facts | more))


def choice(subject: UUID, purpose: str, evening: Evening, state: str, version: int) -> ChoiceSetV1:
    """What accounts says of a choice."""
    return ChoiceSetV1(
        subject=subject,
        purpose=purpose,
        organisation=evening.partner,
        channel="email",
        state=state,
        version=version,
    )


@pytest.mark.requirement("G-51")
async def test_a_buyer_is_announced_with_the_fields_of_the_allowed_purposes_only(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(agreement(shared, clock))
    order = await bought(stage, shared, noor, "A1", "A2")
    (told,) = await stage.announced(REGISTERED)
    assert told["allowed"] == ["co_presentation_door_list", "co_presentation_administration"]
    assert (told["name"], told["seats"], told["email"]) == ("Noor Vandenbroucke", ["A1", "A2"], None)
    assert (told["order"], told["organisation"], told["version"]) == (order["id"], str(shared.partner), 1)


@pytest.mark.requirement("G-34")
async def test_the_address_goes_only_with_consent_given_at_checkout_or_later(
    stage: Stage,
    service: Service,
    hear: Callable[[Event], Any],
    shared: Evening,
    clock: SetClock,
    noor: Actor,
) -> None:
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    clock.move(timedelta(seconds=1))
    await hear(choice(noor.id, "co_presentation_news", shared, "given", 1))
    await timer(service, "announce_attendees")
    await timer(service, "announce_attendees")
    before, after = await stage.announced(REGISTERED)
    assert before["email"] is None
    assert (after["email"], len(after["allowed"])) == ("noor@visitors.example", 3)
    await hear(choice(noor.id, "co_presentation_news", shared, "withdrawn", 2))
    await timer(service, "announce_attendees")
    assert len(await stage.announced(REGISTERED)) == 2


@pytest.mark.requirement("W-30")
async def test_without_an_agreement_nobody_hears_and_when_it_begins_earlier_buyers_follow(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await bought(stage, shared, noor, "A1")
    await hear(agreement(shared, clock, valid_from=clock.now() + timedelta(days=1)))
    assert await stage.announced(REGISTERED) == []
    await hear(agreement(shared, clock, "co_presentation_administration", version=2))
    (counted,) = await stage.announced(REGISTERED)
    assert (counted["name"], counted["email"], counted["seats"]) == (None, None, [])
    await hear(agreement(shared, clock, version=3))
    await hear(agreement(shared, clock, "co_presentation_news", version=1))
    assert len(await stage.announced(REGISTERED)) == 2
    row = (await stage.look("SELECT version FROM agreement"))[0]
    assert row["version"] == 3


@pytest.mark.requirement("F-70")
async def test_who_is_shielded_is_announced_to_nobody_until_that_ends(
    stage: Stage,
    service: Service,
    hear: Callable[[Event], Any],
    shared: Evening,
    clock: SetClock,
    noor: Actor,
) -> None:
    shield = uuid4()
    await hear(ProtectionSetV1(subject=noor.id, protection=shield, protected=True, version=1))
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    await timer(service, "announce_attendees")
    assert await stage.announced(REGISTERED) == []
    await hear(ProtectionSetV1(subject=noor.id, protection=shield, protected=False, version=2))
    await timer(service, "announce_attendees")
    (told,) = await stage.announced(REGISTERED)
    assert told["name"] == "Noor Vandenbroucke"


@pytest.mark.requirement("W-45")
async def test_who_objected_is_not_on_the_door_list(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(choice(noor.id, "co_presentation_door_list", shared, "objected", 1))
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    (told,) = await stage.announced(REGISTERED)
    assert (told["allowed"], told["name"]) == (["co_presentation_administration"], None)


async def test_walk_ins_and_other_events_are_announced_to_nobody(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(agreement(shared, clock))
    own = await put_on(stage.dsn, clock.now(), slug="own")
    await bought(stage, own, noor, "A1")
    clerk = staff(Role.BOX_OFFICE)
    await stage.ask(clerk, "POST", "/counter/sales", shared.wish("A1"), uuid4().hex)
    assert await stage.announced(REGISTERED) == []


async def test_partners_are_named_and_ask_for_news_only_under_an_agreement(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    assert shared.partner is not None

    async def partners() -> Any:
        return (await stage.ask(noor, "GET", "/events/storm-at-sea")).body["event"]["partners"]

    assert await partners() == []
    await hear(OrganisationVerifiedV1(organisation=shared.partner, name="Theater Noordzee vzw", version=2))
    await hear(OrganisationVerifiedV1(organisation=shared.partner, name="Old name", version=1))
    (partner,) = await partners()
    assert (partner["name"], partner["asks_for_news"]) == ("Theater Noordzee vzw", False)
    await hear(agreement(shared, clock))
    assert (await partners())[0]["asks_for_news"]


@pytest.mark.requirement("X-02")
async def test_a_correction_reaches_orders_and_those_who_hold_the_field(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    await hear(PersonCorrectedV1(subject=noor.id, version=3, email="noor.v@visitors.example"))
    assert await stage.announced("orders.attendee.corrected.v1") == []
    await hear(PersonCorrectedV1(subject=noor.id, version=2, name="Noor Van den Broucke"))
    (told,) = await stage.announced("orders.attendee.corrected.v1")
    assert (told["version"], told["name"], told["email"]) == (2, "Noor Van den Broucke", None)
    await hear(PersonCorrectedV1(subject=noor.id, version=1, name="Older Name"))
    (person,) = await stage.look("SELECT name, email, version FROM order_person")
    assert tuple(person) == ("Noor Van den Broucke", "noor.v@visitors.example", 3)


async def test_a_correction_follows_what_was_told_before_an_objection(
    stage: Stage,
    service: Service,
    hear: Callable[[Event], Any],
    shared: Evening,
    clock: SetClock,
    noor: Actor,
) -> None:
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    await hear(choice(noor.id, "co_presentation_door_list", shared, "objected", 1))
    await timer(service, "announce_attendees")
    assert len(await stage.announced(REGISTERED)) == 1
    await hear(PersonCorrectedV1(subject=noor.id, version=2, name="Noor Van den Broucke"))
    (told,) = await stage.announced("orders.attendee.corrected.v1")
    assert told["name"] == "Noor Van den Broucke"


@pytest.mark.requirement("W-42")
async def test_after_an_erasure_nobody_is_left_and_the_books_and_tickets_stand(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(agreement(shared, clock))
    order = await bought(stage, shared, noor, "A1")
    before, case = await books(stage), uuid4()
    await hear(ErasureOrderedV1(subject=noor.id, case=case, as_of=clock.now()))
    (receipt,) = await stage.announced("orders.erasure.carried_out.v1")
    assert (receipt["counts"]["order_person"], receipt["counts"]["announcement"]) == (1, 1)
    rows = await stage.look(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    for row in rows:
        table = row["relname"]
        if table in ("outbox", "tombstone", "inbox"):
            continue
        text = str(await stage.look(f'SELECT t::text FROM "{table}" t'))
        assert all(secret not in text for secret in ("Vandenbroucke", "noor@", "+32", str(noor.id))), table
    assert await books(stage) == before
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}")).status == 404
    scan = {"event": str(shared.event), "code": order["tickets"][0]["code"]}
    assert (await stage.ask(staff(Role.STEWARD), "POST", "/door/admissions", scan)).body["admitted"]
    assert await stage.announced("orders.attendee.admitted.v1") == []
    await hear(PersonCorrectedV1(subject=noor.id, version=9, name="Noor Again"))
    assert await stage.look("SELECT FROM order_person") == []


async def test_an_order_that_is_on_the_way_to_pay_goes_on_without_its_person(
    stage: Stage, hear: Callable[[Event], Any], evening: Evening, clock: SetClock, noor: Actor
) -> None:
    order = await placed(stage, evening, noor)
    payment = await stage.payment_of(order["id"])
    await hear(ErasureOrderedV1(subject=noor.id, case=uuid4(), as_of=clock.now()))
    await asyncio.to_thread(press, order["checkout_url"], "paid")
    await stage.mollie_calls(payment["provider_id"])
    (issued,) = await stage.announced("orders.tickets.issued.v1")
    assert issued["subject"] is None
    assert await stage.announced("orders.order.paid.v1") == []
    assert (await books(stage))["balanced"]


@pytest.mark.requirement("W-42")
async def test_a_token_that_outlives_an_erasure_buys_nothing(
    stage: Stage, hear: Callable[[Event], Any], evening: Evening, clock: SetClock, noor: Actor
) -> None:
    """A token counts for minutes: with one left over, a forgotten person must not be written down again."""
    kept = await stage.hold(noor, evening, "A1")
    await hear(ErasureOrderedV1(subject=noor.id, case=uuid4(), as_of=clock.now()))

    answer = await stage.order(noor, kept.body["id"])

    assert (answer.status, answer.body["type"]) == (410, "/problems/person-forgotten")
    assert await stage.look("SELECT FROM order_person") == []


@pytest.mark.requirement("W-40")
async def test_a_copy_holds_what_was_typed_and_what_was_told(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    request = uuid4()
    await hear(CopyOrderedV1(subject=noor.id, request=request))
    part = (await stage.ask(noor, "GET", f"/copies/{request}")).body
    assert part["tables"]["order_person"]["rows"][0]["name"] == "Noor Vandenbroucke"
    assert "announcement" in part["tables"]
    assert (await stage.ask(visitor(), "GET", f"/copies/{request}")).status == 404


@pytest.mark.requirement("G-40")
async def test_seven_years_later_the_person_is_gone_and_the_sale_is_not(
    stage: Stage, hear: Callable[[Event], Any], shared: Evening, clock: SetClock, noor: Actor
) -> None:
    await hear(agreement(shared, clock))
    await bought(stage, shared, noor, "A1")
    almost = clock.now() + timedelta(days=7 * 365)
    await hear(SweepOrderedV1(sweep=uuid4(), as_of=almost))
    assert len(await stage.look("SELECT FROM order_person")) == 1
    await hear(SweepOrderedV1(sweep=uuid4(), as_of=almost + timedelta(days=4)))
    assert await stage.look("SELECT FROM order_person") == []
    assert await stage.look("SELECT FROM announcement") == []
    assert len(await stage.look("SELECT FROM ticket")) == 1


@pytest.mark.requirement("G-33")
async def test_an_organiser_sees_counts_of_its_own_events_only(
    stage: Stage, shared: Evening, clock: SetClock, noor: Actor
) -> None:
    own = await put_on(stage.dsn, clock.now(), slug="own", partner=uuid4())
    await bought(stage, shared, noor, "A1")
    await bought(stage, own, visitor(), "A1")
    organiser = staff(Role.ORGANISER, shared.partner)
    seen = (await stage.ask(organiser, "GET", "/organiser/events")).body["events"]
    assert [(one["event"]["slug"], one["tickets_sold"], one["sold_cents"]) for one in seen] == [
        ("storm-at-sea", 1, 2450)
    ]
    assert (await stage.ask(organiser, "GET", f"/events/{shared.event}/figures")).body["tickets_sold"] == 1
    assert (await stage.ask(organiser, "GET", f"/events/{own.event}/figures")).status == 404


async def test_the_privacy_desk_finds_the_person_behind_a_number(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    officer = staff(Role.PRIVACY_OFFICER)
    found = await stage.ask(officer, "GET", f"/orders/by-number/{order['number'].lower()}/subject")
    assert found.body == {"subject": str(noor.id)}
    assert (await stage.ask(officer, "GET", "/orders/by-number/0000-0000/subject")).status == 404
    assert (await stage.ask(noor, "GET", f"/orders/by-number/{order['number']}/subject")).status == 403


@pytest.mark.requirement("W-01")
async def test_what_a_suspended_organisation_puts_on_is_announced_and_not_sold(
    stage: Stage, hear: Callable[[Event], Any], evening: Evening, noor: Actor
) -> None:
    (row,) = await stage.look("SELECT organisation_id FROM event")
    about = {"organisation": row["organisation_id"], "name": "Koor De Zeeleeuw"}
    kept = await stage.hold(noor, evening, "A1")
    await hear(OrganisationSuspendedV1(**about, version=3))
    assert (await stage.hold(visitor(), evening, "A2")).slug == "not-on-sale"
    assert (await stage.ask(noor, "GET", "/events")).body["events"][0]["state"] == "announced"
    # Whoever held places before keeps their word from us.
    assert (await stage.order(noor, kept.body["id"])).status == 201
    await hear(OrganisationVerifiedV1(**about, version=2))
    assert (await stage.hold(visitor(), evening, "A2")).slug == "not-on-sale"
    await hear(OrganisationVerifiedV1(**about, version=4))
    assert (await stage.hold(visitor(), evening, "A2")).status == 201
