"""Choices with their proof: what was shown, until when it counts, and the receipt (Art. 7, F-67)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.accounts.events import ChoiceSetV1, ObjectionRaisedV1
from contracts.actors import Actor, Role
from contracts.retention.events import ObjectionDecidedV1
from tests.accounts.premises import NOON, Open

ME, OTHER = Actor(Role.VISITOR, uuid4()), Actor(Role.VISITOR, uuid4())
CHOICES, RECEIPTS = "/people/me/choices", "/people/me/receipts"


async def choose(door: Open, purpose: str, state: str, who: Actor = ME, **more: Any) -> dict[str, Any]:
    status, answer = await door.call("POST", CHOICES, {"purpose": purpose, "state": state, **more}, who, "fr")
    assert status == 200, answer
    (found,) = [
        one
        for one in answer["choices"]
        if (one["purpose"], one["channel"]) == (purpose, more.get("channel", "email"))
    ]
    return dict(found)


@pytest.mark.requirement("F-67")
async def test_a_choice_points_at_the_wording_that_was_shown(accounts: Open) -> None:
    await choose(accounts, "newsletter", "given", channel="post")
    (row,) = await accounts.rows("SELECT wording, language, place, channel FROM choice")
    assert dict(row) == {
        "wording": "preferences.newsletter.v1",
        "language": "fr",
        "place": "my_data",
        "channel": "post",
    }
    for wording in ("preferences.personal_tips.v1", "preferences.newsletter.v9", "unsubscribe.v1"):
        body = {"purpose": "newsletter", "state": "given", "wording": wording}
        status, problem = await accounts.call("POST", CHOICES, body, ME)
        assert (status, problem["type"]) == (422, "/problems/wording-unknown")


@pytest.mark.requirement("F-24")
async def test_nobody_consents_for_a_channel_that_the_purpose_has_no_data_for(accounts: Open) -> None:
    body = {"purpose": "personal_tips", "state": "given", "channel": "phone"}
    status, problem = await accounts.call("POST", CHOICES, body, ME)
    assert (status, problem["type"]) == (422, "/problems/choice-not-possible")
    await choose(accounts, "personal_tips", "objected", channel="phone")


@pytest.mark.requirement("G-25")
async def test_a_consent_expires_when_its_time_is_over_and_everybody_hears_it_once(accounts: Open) -> None:
    given = await choose(accounts, "newsletter", "given")
    assert given["expires_at"] == "2028-11-21T12:00:00Z"
    await choose(accounts, "benefits", "objected")
    await choose(accounts, "newsletter", "given", OTHER)
    accounts.clock.move(timedelta(days=700))
    await choose(accounts, "newsletter", "given", OTHER)
    await accounts.said()
    accounts.clock.move(timedelta(days=31))
    await accounts.run_timer("expire_consents")
    await accounts.run_timer("expire_consents")
    (told,) = await accounts.said()
    assert isinstance(told, ChoiceSetV1)
    assert (told.subject, told.purpose, told.state, told.version) == (ME.id, "newsletter", "expired", 2)
    (proof,) = await accounts.rows("SELECT wording, language, place FROM choice WHERE state = 'expired'")
    assert dict(proof) == {"wording": "term.v1", "language": "fr", "place": "term"}


@pytest.mark.requirement("F-67")
async def test_a_receipt_says_what_the_specification_asks_and_nothing_more_about_the_person(
    accounts: Open,
) -> None:
    troupe = uuid4()
    await accounts.rows("INSERT INTO organisation VALUES ($1, 'Gezelschap Noordster', $2)", troupe, NOON)
    given = await choose(accounts, "co_presentation_news", "given", organisation=str(troupe))
    await choose(accounts, "benefits", "objected", OTHER)
    _, told = await accounts.call("GET", f"{RECEIPTS}/{given['id']}", actor=ME)
    house, record = told["@graph"]
    assert house["@type"] == "dpv:DataController"
    assert record["dct:conformsTo"] == "ISO/IEC TS 27560:2023"
    assert (record["dpv:hasIdentifier"], record["dpv:hasDataSubject"]) == (given["id"], str(ME.id))
    notice, process, event = (
        record[f"dpv:{part}"] for part in ("hasNotice", "hasProcess", "hasConsentStatus")
    )
    assert (notice["@id"], notice["dct:hasVersion"]) == (
        "house:wording/preferences.co_presentation_news.v1",
        1,
    )
    assert notice["dct:description"]["@language"] == "fr"
    assert notice["dct:description"]["@value"].endswith("spectacle semblable. J’ai 13 ans ou plus.")
    assert "Gezelschap Noordster" in notice["dct:description"]["@value"]
    assert process["dpv:hasLegalBasis"]["@id"] == "gdpr:A6-1-a"
    assert [one["dpv:hasName"] for one in process["dpv:hasRecipient"]] == ["Gezelschap Noordster"]
    assert process["dpv:hasJurisdiction"] == "BE"
    assert process["house:withdrawalMethod"].endswith("/my-choices")
    assert process["dpv:hasStorageCondition"]["dpv:hasDuration"]["schema:value"]["@value"] == "P7Y"
    assert (event["@type"], event["dpv:isIndicatedBy"]) == ("dpv:ConsentGiven", "person")
    assert event["dpv:isIndicatedAtTime"]["@value"] == NOON.isoformat()
    assert event["dpv:hasExpiryTime"]["@value"].startswith("2028-11-21")


@pytest.mark.requirement("F-67")
async def test_all_receipts_come_together_and_nobody_reads_those_of_another(accounts: Open) -> None:
    mine = await choose(accounts, "newsletter", "given")
    await choose(accounts, "newsletter", "withdrawn")
    await choose(accounts, "newsletter", "given", OTHER)
    _, told = await accounts.call("GET", RECEIPTS, actor=ME)
    states = [one["dpv:hasConsentStatus"]["@type"] for one in told["@graph"][1:]]
    assert sorted(states) == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    status, problem = await accounts.call("GET", f"{RECEIPTS}/{mine['id']}", actor=OTHER)
    assert (status, problem["type"]) == (404, "/problems/record-unknown")


@pytest.mark.requirement("W-45")
async def test_the_signal_of_a_browser_objects_once_and_never_against_the_persons_own_word(
    accounts: Open,
) -> None:
    await choose(accounts, "improvement", "lifted")
    for _ in range(2):
        status, answer = await accounts.call("POST", "/people/me/signals", actor=ME)
        assert status == 200
    states = {one["purpose"]: one["state"] for one in answer["choices"]}
    assert states == {
        "improvement": "lifted",
        "visit_counts": "objected",
        "co_presentation_door_list": "objected",
        "co_presentation_administration": "objected",
    }
    rows = await accounts.rows("SELECT wording, place FROM choice WHERE state = 'objected'")
    assert {(row["wording"], row["place"]) for row in rows} == {("signal.gpc.v1", "browser")}
    assert len(rows) == 3


@pytest.mark.requirement("W-45")
async def test_an_objection_that_may_be_weighed_becomes_a_case_and_marketing_never_does(
    accounts: Open,
) -> None:
    await choose(accounts, "benefits", "objected")
    await choose(accounts, "co_presentation_door_list", "objected")
    await accounts.call("POST", "/people/me/signals", actor=OTHER)
    raised = [one for one in await accounts.said() if isinstance(one, ObjectionRaisedV1)]
    door_list = ObjectionRaisedV1(subject=ME.id, purpose="co_presentation_door_list", organisation=None)
    assert raised == [door_list]


@pytest.mark.requirement("W-45")
async def test_only_compelling_grounds_lift_an_objection_and_its_case_is_the_proof(accounts: Open) -> None:
    await choose(accounts, "co_presentation_door_list", "objected")
    await accounts.said()
    about: dict[str, Any] = {"subject": ME.id, "purpose": "co_presentation_door_list", "organisation": None}
    case = uuid4()
    await accounts.hear(ObjectionDecidedV1(**about, case=uuid4(), stands=True, grounds=None))
    assert await accounts.said() == []
    await accounts.hear(ObjectionDecidedV1(**about, case=case, stands=False, grounds="legal_claims"))
    (told,) = await accounts.said()
    assert isinstance(told, ChoiceSetV1)
    assert (told.state, told.version) == ("lifted", 2)
    (proof,) = await accounts.rows("SELECT wording, language, case_number FROM choice WHERE state = 'lifted'")
    assert dict(proof) == {"wording": "decision.v1", "language": "fr", "case_number": str(case)}
    await accounts.hear(ObjectionDecidedV1(**about, case=uuid4(), stands=False, grounds="legal_claims"))
    assert await accounts.said() == [], "nothing is objected to any more"
