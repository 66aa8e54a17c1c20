"""The real services as they are composed, against their charters; and each rule on a service gone wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chassis.charter import Charter, all_charters
from chassis.purposes import known_purposes
from contracts.accounts.api import Person
from contracts.actors import Role
from deploy.generate.documents import differing, generated
from deploy.generate.openapi import composed
from tests.architecture import composition_rules as rules
from tests.architecture.sources import ROOT

TODAY = date(2026, 11, 22)
SERVICES = ("accounts", "gateway", "notify", "orders", "retention", "sharing")
BEHIND_THE_GATEWAY = tuple(name for name in SERVICES if name != "gateway")


@pytest.fixture(scope="module")
def charters() -> dict[str, Charter]:
    return all_charters(ROOT)


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_hears_what_its_charter_says(charters: dict[str, Charter], name: str) -> None:
    assert rules.hears_what_its_charter_says(charters[name], composed(name)) == []


@pytest.mark.requirement("W-20")
@pytest.mark.parametrize("name", SERVICES)
def test_every_term_has_a_job_that_carries_it_out(charters: dict[str, Charter], name: str) -> None:
    assert rules.terms_have_their_job(charters[name], composed(name)) == []


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize("name", BEHIND_THE_GATEWAY)
def test_every_route_serves_a_purpose_of_its_charter(charters: dict[str, Charter], name: str) -> None:
    assert rules.routes_are_covered(charters[name], composed(name), known_purposes()) == []


@pytest.mark.requirement("G-71")
@pytest.mark.parametrize("name", BEHIND_THE_GATEWAY)
def test_every_route_says_how_staff_look_at_people(charters: dict[str, Charter], name: str) -> None:
    assert rules.looks_are_declared(charters[name], composed(name)) == []


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize("name", BEHIND_THE_GATEWAY)
def test_every_answer_is_cut_to_what_its_purpose_may_read(charters: dict[str, Charter], name: str) -> None:
    assert rules.answers_are_covered(charters[name], composed(name)) == []


def test_every_route_of_the_gateway_serves_a_purpose_of_the_house(charters: dict[str, Charter]) -> None:
    assert rules.purposes_exist(charters["gateway"], composed("gateway"), known_purposes()) == []


def test_generated_documents_stand_as_they_would_be_made(charters: dict[str, Charter]) -> None:
    assert differing(ROOT, generated(ROOT, charters, TODAY)) == []


def test_a_deaf_service_is_seen(charters: dict[str, Charter]) -> None:
    deaf = replace(composed("orders"), subscriptions=composed("orders").subscriptions[1:])
    assert len(rules.hears_what_its_charter_says(charters["orders"], deaf)) == 1


def test_a_term_without_a_job_is_seen(charters: dict[str, Charter]) -> None:
    idle = replace(composed("orders"), timers=())
    assert rules.terms_have_their_job(charters["orders"], idle)


def test_a_route_out_of_its_purpose_is_seen(charters: dict[str, Charter]) -> None:
    service = composed("orders")
    closed = next(route for route in service.routes if route.purpose == "counter_sale")
    wrong = [
        replace(closed, purpose="newsletter"),
        replace(closed, purpose="curiosity"),
        replace(closed, roles=frozenset({Role.MARKETING})),
    ]
    for route in wrong:
        broken = replace(service, routes=(route,))
        seen = rules.routes_are_covered(charters["orders"], broken, known_purposes())
        assert len(seen) == 1, route.purpose


def test_a_look_that_is_not_declared_is_seen(charters: dict[str, Charter]) -> None:
    service = composed("retention")
    listed = next(route for route in service.routes if route.looks == "many")
    wrong = [
        (replace(listed, looks=None), "says not how it looks"),
        (replace(listed, roles=listed.roles | {Role.FINANCE}), "gives no bulk reading"),
    ]
    for route, sentence in wrong:
        [seen] = rules.looks_are_declared(charters["retention"], replace(service, routes=(route,)))
        assert sentence in seen


def test_an_answer_that_says_too_much_is_seen(charters: dict[str, Charter]) -> None:
    service = composed("sharing")
    listed = next(route for route in service.routes if route.path == "/attendees")
    wide = replace(service, routes=(replace(listed, answer=Person),))
    seen = rules.answers_are_covered(charters["sharing"], wide)
    assert any(
        "answers with email, and co_presentation_door_list may read no email here" in one for one in seen
    )


def test_a_document_edited_by_hand_is_seen(charters: dict[str, Charter]) -> None:
    documents = generated(ROOT, charters, TODAY)
    before = set(differing(ROOT, documents))
    edited = differing(ROOT, {**documents, "docs/asyncapi.json": "{}\n"})
    assert {*edited} - before == {"docs/asyncapi.json"} - before
    assert "docs/asyncapi.json" in edited
    orphaned = {path: text for path, text in documents.items() if path != "docs/openapi/orders.json"}
    assert "docs/openapi/orders.json" in differing(ROOT, orphaned)
