"""Customer service: somebody is looked up for a reason, and what they asked for is done (G-64, G-71)."""

from __future__ import annotations

from uuid import uuid4

import pytest

from contracts.actors import Actor, Role
from contracts.retention.events import RestrictionSetV1
from tests.accounts.conftest import add_person
from tests.accounts.premises import Open
from tests.accounts.test_choices import ME, OTHER, RECEIPTS, choose

CLERK, STEWARD = Actor(Role.BOX_OFFICE, uuid4()), Actor(Role.STEWARD, uuid4())
SEARCH, ADDRESS = "/people/search", "an@devloedlijn.example"


@pytest.mark.requirement("G-64")
async def test_staff_find_whoever_wrote_from_an_address_and_see_what_they_chose(accounts: Open) -> None:
    await add_person(accounts, ME.id, ADDRESS)
    await choose(accounts, "benefits", "objected")
    for stranger in (OTHER, STEWARD):
        assert (await accounts.call("POST", SEARCH, {"email": ADDRESS}, stranger))[0] == 403
        assert (await accounts.call("GET", f"/people/{ME.id}", actor=stranger))[0] == 403
    status, told = await accounts.call("POST", SEARCH, {"email": ADDRESS.upper()}, CLERK)
    assert (status, [one["name"] for one in told["people"]]) == (200, ["An Peeters"])
    status, person = await accounts.call("GET", f"/people/{told['people'][0]['subject']}", actor=CLERK)
    assert (status, person["name"]) == (200, "An Peeters")
    assert [(one["purpose"], one["state"]) for one in person["choices"]] == [("benefits", "objected")]
    assert (await accounts.call("POST", SEARCH, {"email": "n@zeldzaam.example"}, CLERK))[1] == {"people": []}
    status, problem = await accounts.call("GET", f"/people/{uuid4()}", actor=CLERK)
    assert (status, problem["type"]) == (404, "/problems/nobody-known")


@pytest.mark.requirement("G-71")
async def test_a_person_reads_who_looked_them_up_and_which_of_it_read_their_name(accounts: Open) -> None:
    await add_person(accounts, ME.id, ADDRESS)
    await accounts.call("POST", SEARCH, {"email": ADDRESS}, CLERK)
    _, told = await accounts.call("GET", "/people/me/looks", actor=ME)
    assert {(one["role"], one["purpose"], one["reason"]) for one in told["looks"]} == {
        ("box_office", "keeping_choices", "rights-request"),
        ("box_office", "questions", "rights-request"),
    }


@pytest.mark.requirement("W-43")
async def test_who_restricted_is_helped_without_a_name(accounts: Open) -> None:
    await add_person(accounts, ME.id, ADDRESS)
    await accounts.hear(RestrictionSetV1(subject=ME.id, restricted=True, version=1))
    _, told = await accounts.call("POST", SEARCH, {"email": ADDRESS}, CLERK)
    assert [(one["subject"], one["name"]) for one in told["people"]] == [(str(ME.id), None)]
    assert (await accounts.call("GET", f"/people/{ME.id}", actor=CLERK))[1]["name"] is None


@pytest.mark.requirement("G-64")
async def test_customer_service_changes_a_choice_on_request_with_the_case_as_proof(accounts: Open) -> None:
    await choose(accounts, "newsletter", "given")
    clerk, door = Actor(Role.BOX_OFFICE, uuid4()), f"/people/{ME.id}/choices"
    asked = {
        "purpose": "newsletter",
        "state": "withdrawn",
        "asked_by": "phone",
        "case_number": "TEL-2026-117",
        "language": "nl",
    }
    assert (await accounts.call("POST", door, asked, OTHER))[0] == 403
    assert (await accounts.call("POST", door, {**asked, "case_number": "x"}, clerk))[0] == 422
    status, answer = await accounts.call("POST", door, asked, clerk)
    assert (status, answer["choices"][0]["state"]) == (200, "withdrawn")
    _, told = await accounts.call("GET", RECEIPTS, actor=ME)
    (event,) = [
        one["dpv:hasConsentStatus"]
        for one in told["@graph"][1:]
        if one["dpv:hasConsentStatus"]["@type"] == "dpv:ConsentWithdrawn"
    ]
    assert (event["dpv:isIndicatedBy"], event["dpv:isExercisedAt"]) == ("staff", "phone")
    assert event["house:case"] == "TEL-2026-117"
    _, looks = await accounts.call("GET", "/people/me/looks", actor=ME)
    assert [(one["role"], one["purpose"]) for one in looks["looks"]] == [("box_office", "keeping_choices")]
