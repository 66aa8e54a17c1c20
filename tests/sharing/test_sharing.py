"""What a co-presenter gets, when, and what follows it: correction, objection, recall."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from aiohttp import web

from contracts.accounts.events import ChoiceSetV1
from contracts.actors import Actor, Role
from contracts.orders.events import AttendeeCorrectedV1
from contracts.retention.events import CopyOrderedV1, ErasureOrderedV1, SweepOrderedV1
from contracts.sharing.events import (
    AgreementInForceV1,
    DisclosureMadeV1,
    RecallAcknowledgedV1,
    RecallOverdueV1,
)
from contracts.sharing.receipts import ErasureCarriedOutV1
from services.sharing.app import compose
from services.sharing.domain.purposes import ADMINISTRATION, CO_PRESENTATION, DOOR_LIST, NEWS
from tests.sharing.conftest import (
    CHOIR,
    CHOIRS_CLERK,
    EVENING,
    GUEST,
    TROUPE,
    TROUPES_CLERK,
    Sharing,
    agree,
    deliver,
    registered,
)

ME = Actor(Role.VISITOR, GUEST)
LATER = timedelta(seconds=3)


def choice(state: str, purpose: str = NEWS, version: int = 2) -> ChoiceSetV1:
    return ChoiceSetV1(
        subject=GUEST, purpose=purpose, organisation=TROUPE, channel="email", state=state, version=version
    )


def erasure(sharing: Sharing, case: UUID | None = None) -> ErasureOrderedV1:
    return ErasureOrderedV1(subject=GUEST, case=case or uuid4(), as_of=sharing.door.clock.now())


@pytest.mark.requirement("G-51")
async def test_a_co_presenter_gets_the_fields_of_the_agreed_purposes_and_no_others(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert held["name"] == "Guusje Zeldzaam"
    assert held["email"] == "guusje@zeldzaam.example"
    assert held["seats"] == ["Rij 3, stoel 4", "Rij 3, stoel 5"]
    assert held["event"]["title"] == "Storm op komst"
    assert held["attendee"] != str(GUEST)
    assert str(GUEST).encode() not in sharing.post.bodies[0]
    said = await sharing.door.said()
    disclosures = [one for one in said if isinstance(one, DisclosureMadeV1)]
    assert [(one.recipient, one.allowed) for one in disclosures] == [(TROUPE, CO_PRESENTATION)]


@pytest.mark.requirement("G-33")
async def test_settling_needs_nobodys_name(sharing: Sharing) -> None:
    await sharing.door.hear(registered((ADMINISTRATION,)))
    await sharing.deliver()
    body = json.loads(sharing.post.bodies[0])
    assert set(body["data"]) == {"attendee", "event", "purposes", "seats"}
    assert body["data"]["seats"] == []
    assert set(body) == {"id", "type", "timestamp", "data"}


@pytest.mark.requirement("G-34")
async def test_without_consent_no_address_leaves(sharing: Sharing) -> None:
    await sharing.door.hear(choice("refused"), registered())
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert "email" not in held
    assert held["name"] == "Guusje Zeldzaam"
    assert await sharing.door.rows("SELECT * FROM attendee_news") == []


@pytest.mark.requirement("W-30")
async def test_nothing_leaves_for_an_agreement_that_lapsed(sharing: Sharing) -> None:
    await sharing.door.rows("UPDATE agreement SET valid_until = $1", sharing.door.clock.now())
    await sharing.door.hear(registered())
    await sharing.deliver()
    assert sharing.post.bodies == []


async def test_an_agreement_narrower_than_the_registration_wins(sharing: Sharing) -> None:
    await sharing.door.rows("UPDATE agreement SET allowed = $1", [DOOR_LIST])
    await sharing.door.hear(registered())
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert "email" not in held
    assert held["purposes"] == [DOOR_LIST]


async def test_the_same_event_twice_registers_once(sharing: Sharing) -> None:
    await sharing.door.hear(registered(), registered())
    await sharing.deliver()
    assert len(sharing.post.attendees()) == 1


@pytest.mark.requirement("X-02")
async def test_a_correction_reaches_the_co_presenter(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame"))
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert held["name"] == "Guusje Zeldzame"
    data = json.loads(sharing.post.bodies[-1])["data"]
    assert set(data) == {"attendee", "name"}
    states = await sharing.door.rows("SELECT kind, state FROM delivery ORDER BY position")
    assert [one["state"] for one in states] == ["delivered", "acknowledged"]


async def test_a_correction_that_arrives_first_is_not_lost(sharing: Sharing) -> None:
    await sharing.door.hear(
        AttendeeCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame"), registered(version=1)
    )
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert held["name"] == "Guusje Zeldzame"


async def test_a_correction_overtakes_a_registration_that_still_waits(sharing: Sharing) -> None:
    sharing.post.answers.append(web.Response(status=503))
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame"))
    await sharing.deliver_later(LATER)
    (held,) = sharing.post.attendees()
    assert held["name"] == "Guusje Zeldzame"


@pytest.mark.requirement("W-45")
async def test_an_objection_reaches_who_holds_the_data_and_reduces_ours(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(choice("withdrawn"))
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert "email" not in held
    assert NEWS not in held["purposes"]
    assert await sharing.door.rows("SELECT * FROM attendee_news") == []
    assert json.loads(sharing.post.bodies[-1])["data"]["purposes"] == [NEWS]


async def test_an_objection_before_anything_left_tells_nobody(sharing: Sharing) -> None:
    await sharing.door.rows("UPDATE agreement SET valid_until = $1", sharing.door.clock.now())
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.hear(choice("objected", DOOR_LIST))
    await sharing.deliver()
    assert sharing.post.bodies == []


async def test_an_older_choice_changes_nothing(sharing: Sharing) -> None:
    await sharing.door.hear(registered(), choice("given", version=3), choice("withdrawn", version=2))
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert held["email"] == "guusje@zeldzaam.example"


@pytest.mark.requirement("X-02")
async def test_an_erasure_recalls_what_was_handed_over(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.said()
    case = uuid4()
    await sharing.door.hear(erasure(sharing, case))
    (receipt,) = await sharing.door.said()
    assert isinstance(receipt, ErasureCarriedOutV1)
    assert receipt.recipients == (TROUPE,)
    assert receipt.counts["attendee"] == receipt.counts["attendee_door"] == 1
    await sharing.deliver()
    assert sharing.post.attendees() == []
    assert sharing.post.kinds()[-1] == "attendee.erased"
    (said,) = await sharing.door.said()
    assert said == RecallAcknowledgedV1(subject=GUEST, case=case, recipient=TROUPE)
    officer = Actor(Role.PRIVACY_OFFICER, uuid4())
    _, recalls = await sharing.door.call("GET", f"/cases/{case}/recalls", actor=officer)
    assert [(one["recipient_name"], one["state"]) for one in recalls["recalls"]] == [
        ("Toneelgezelschap De Branding", "acknowledged")
    ]


async def test_who_never_got_anything_is_not_told_of_an_erasure(sharing: Sharing) -> None:
    await sharing.door.hear(registered(), erasure(sharing))
    (receipt,) = await sharing.door.said()
    assert isinstance(receipt, ErasureCarriedOutV1)
    assert receipt.recipients == ()
    await sharing.deliver()
    assert sharing.post.bodies == []


async def test_an_erasure_that_is_ordered_again_gets_the_first_receipt(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.said()
    order = erasure(sharing)
    await sharing.door.hear(order, order)
    first, second = await sharing.door.said()
    assert first == second
    assert len(await sharing.door.rows("SELECT * FROM recall")) == 1


async def test_late_events_raise_nobody(sharing: Sharing) -> None:
    await sharing.door.hear(registered(), erasure(sharing))
    await sharing.door.hear(registered(version=2), choice("given", version=9))
    await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=3, name="Guusje Zeldzame"))
    for table in ("attendee", "attendee_door", "attendee_news", "correction", "delivery", "gate"):
        assert await sharing.door.rows(f"SELECT * FROM {table}") == [], table
    await sharing.deliver()
    assert sharing.post.bodies == []


@pytest.mark.requirement("X-02")
async def test_a_recipient_that_says_nothing_is_overdue_and_may_still_acknowledge(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    case = uuid4()
    await sharing.door.hear(erasure(sharing, case))
    sharing.post.answers += [web.Response(status=204), web.Response(status=500)]
    await sharing.deliver()
    await sharing.door.said()
    sharing.door.clock.move(timedelta(seconds=61))
    await sharing.door.run_timer("note_overdue")
    await sharing.door.run_timer("note_overdue")
    assert await sharing.door.said() == [RecallOverdueV1(subject=GUEST, case=case, recipient=TROUPE)]
    await sharing.deliver()
    await sharing.deliver_later(timedelta(seconds=10))
    assert await sharing.door.said() == [RecallAcknowledgedV1(subject=GUEST, case=case, recipient=TROUPE)]


async def test_a_repeat_carries_the_same_webhook_id(sharing: Sharing) -> None:
    sharing.post.answers.append(web.Response(status=500))
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.deliver_later(LATER)
    first, second = (json.loads(body)["id"] for body in sharing.post.bodies)
    assert first == second
    assert len(sharing.post.attendees()) == 1


async def test_data_does_not_follow_a_redirect(sharing: Sharing) -> None:
    sharing.post.answers.append(web.Response(status=307, headers={"Location": sharing.post.url}))
    await sharing.door.hear(registered())
    await sharing.deliver()
    assert len(sharing.post.bodies) == 1


@pytest.mark.requirement("G-31")
async def test_an_organiser_sees_its_own_door_list_only(sharing: Sharing) -> None:
    await agree(sharing.door, CHOIR)
    await sharing.door.hear(registered())
    await sharing.deliver()
    status, own = await sharing.door.call("GET", f"/attendees?event={EVENING}", actor=TROUPES_CLERK)
    assert status == 200
    assert [one["name"] for one in own["attendees"]] == ["Guusje Zeldzaam"]
    _, others = await sharing.door.call("GET", "/attendees", actor=CHOIRS_CLERK)
    assert others["attendees"] == []
    _, deliveries = await sharing.door.call("GET", "/deliveries", actor=TROUPES_CLERK)
    assert [(one["kind"], one["state"]) for one in deliveries["deliveries"]] == [
        ("attendee.registered", "delivered")
    ]
    _, none = await sharing.door.call("GET", "/deliveries", actor=CHOIRS_CLERK)
    assert none["deliveries"] == []
    _, terms = await sharing.door.call("GET", "/agreements", actor=TROUPES_CLERK)
    assert terms["organisation_name"] == "Toneelgezelschap De Branding"
    assert terms["agreements"][0]["webhook_host"] == "127.0.0.1"


@pytest.mark.requirement("G-51")
async def test_an_organiser_without_an_agreement_gets_nothing(sharing: Sharing) -> None:
    await sharing.door.hear(registered().model_copy(update={"organisation": CHOIR}))
    await sharing.deliver()
    assert sharing.post.bodies == []


async def test_a_visitor_sees_who_got_their_data(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    _, own = await sharing.door.call("GET", "/my/disclosures", actor=ME)
    assert [one["recipient_name"] for one in own["disclosures"]] == ["Toneelgezelschap De Branding"]
    _, none = await sharing.door.call("GET", "/my/disclosures", actor=Actor(Role.VISITOR, uuid4()))
    assert none["disclosures"] == []


@pytest.mark.requirement("W-31")
async def test_a_visitor_sees_that_their_data_went_out_and_that_the_door_list_was_read(
    sharing: Sharing,
) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    await sharing.door.call("GET", "/attendees", actor=TROUPES_CLERK)
    _, own = await sharing.door.call("GET", "/people/me/looks", actor=ME)
    told = {(one["kind"], one["purpose"], one["organisation_name"]) for one in own["looks"]}
    assert told == {
        ("list", "co_presentation_door_list", "Toneelgezelschap De Branding"),
        ("export", "contract_exchange", "Toneelgezelschap De Branding"),
    }
    assert {one["role"] for one in own["looks"]} == {"organiser"}
    assert str(TROUPES_CLERK.id) not in str(own)


async def test_a_visitor_has_no_business_at_the_door_list(sharing: Sharing) -> None:
    status, _ = await sharing.door.call("GET", "/attendees", actor=ME)
    assert status == 403


@pytest.mark.requirement("W-30")
async def test_an_agreement_is_announced_when_it_begins_and_when_it_lapses(sharing: Sharing) -> None:
    await sharing.door.run_timer("announce_agreements")
    await sharing.door.run_timer("announce_agreements")
    (begun,) = await sharing.door.said()
    assert isinstance(begun, AgreementInForceV1)
    assert (begun.organisation, begun.version, begun.valid_until) == (TROUPE, 1, None)
    end = sharing.door.clock.now() + timedelta(hours=1)
    await sharing.door.rows("UPDATE agreement SET valid_until = $1", end)
    sharing.door.clock.move(timedelta(hours=2))
    await sharing.door.run_timer("announce_agreements")
    (ended,) = await sharing.door.said()
    assert isinstance(ended, AgreementInForceV1)
    assert (ended.version, ended.valid_until) == (2, end)


@pytest.mark.requirement("W-20")
async def test_the_door_list_is_kept_until_thirty_days_after_the_event(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.door.run_timer("count_terms")
    early = sharing.door.clock.now() + timedelta(days=39)
    await sharing.door.hear(SweepOrderedV1(sweep=uuid4(), as_of=early))
    assert len(await sharing.door.rows("SELECT * FROM attendee_door")) == 1
    await sharing.door.hear(SweepOrderedV1(sweep=uuid4(), as_of=early + timedelta(days=2)))
    assert await sharing.door.rows("SELECT * FROM attendee_door") == []


async def test_a_recall_never_overtakes_a_message_that_is_on_its_way(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.door.rows(
        "UPDATE delivery SET state = 'sending', attempts = 1, next_try = $1",
        sharing.door.clock.now() + timedelta(seconds=30),
    )
    await sharing.door.hear(erasure(sharing))
    await sharing.deliver()
    assert sharing.post.bodies == []
    await sharing.deliver_later(timedelta(seconds=31))
    assert sharing.post.kinds() == ["attendee.erased"]


async def test_two_couriers_bring_each_message_once_and_in_order(sharing: Sharing) -> None:
    other = compose(sharing.settings, sharing.door.clock)
    for hook in other.on_start:
        await hook()
    await sharing.door.hear(registered())
    for version in range(2, 8):
        await sharing.door.hear(AttendeeCorrectedV1(subject=GUEST, version=version, name=f"Guusje {version}"))
    try:
        for _ in range(8):
            await asyncio.gather(sharing.deliver(), deliver(other))
    finally:
        for hook in other.on_stop:
            await hook()
        await other.workplace.close()
    assert sharing.post.kinds() == ["attendee.registered", *["attendee.corrected"] * 6]
    assert len({json.loads(body)["id"] for body in sharing.post.bodies}) == 7


async def test_a_consent_that_arrives_after_the_registration_counts_from_checkout(sharing: Sharing) -> None:
    await sharing.door.hear(registered(), choice("given", version=1))
    await sharing.deliver()
    (held,) = sharing.post.attendees()
    assert held["email"] == "guusje@zeldzaam.example"


@pytest.mark.requirement("W-40")
async def test_a_copy_shows_what_was_shared_and_with_whom(sharing: Sharing) -> None:
    await sharing.door.hear(registered())
    await sharing.deliver()
    request = uuid4()
    await sharing.door.hear(CopyOrderedV1(subject=GUEST, request=request))
    status, part = await sharing.door.call("GET", f"/copies/{request}", actor=ME)
    assert status == 200
    assert {"attendee", "attendee_door", "attendee_news", "delivery", "disclosure"} <= set(part["tables"])
