"""An organisation signs up, the house looks, and its people keep what it says of itself (W-01, W-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import (
    ActorRevokedV1,
    LetterOrderedV1,
    OrganisationChangedV1,
    OrganisationSuspendedV1,
    OrganisationVerifiedV1,
)
from contracts.actors import Actor, Role
from tests.accounts.conftest import add_log_in
from tests.accounts.letters import registered, works
from tests.accounts.premises import Open
from tests.choir import CHOIR, SIGN_UP

SINGER = "zanger@zeeleeuw.example"


@pytest.fixture
async def chief(accounts: Open, password_hash: str) -> Actor:
    return await add_log_in(accounts, password_hash, "beheer", Role.ADMINISTRATOR)


def visitor(session: dict[str, Any]) -> Actor:
    return Actor(Role.VISITOR, UUID(session["actor"]))


async def signed_up(door: Open, email: str = SINGER, **more: Any) -> tuple[UUID, dict[str, Any]]:
    """An organisation that waits, and the session of whoever signed it up."""
    session = await registered(door, email)
    status, told = await door.call("POST", "/organisations", SIGN_UP | more, visitor(session))
    assert status == 201, told
    return UUID(told["id"]), session


async def decided(door: Open, by: Actor, organisation: UUID, decision: str, ground: str | None = None) -> Any:
    body = {"decision": decision} | ({"ground": ground} if ground else {})
    return await door.call("POST", f"/organisations/{organisation}/decision", body, by)


async def verified(door: Open, chief: Actor, email: str = SINGER, **more: Any) -> Actor:
    """The owner of an organisation that the house verified a moment ago."""
    organisation, session = await signed_up(door, email, **more)
    status, told = await decided(door, chief, organisation, "verify")
    assert status == 200, told
    await door.said()
    return Actor(Role.ORGANISER, UUID(session["actor"]), organisation, owner=True)


def slug(answer: Any) -> str:
    return str(answer["type"]).rsplit("/", 1)[-1]


@pytest.mark.requirement("W-01")
async def test_an_organisation_waits_until_the_house_verified_it(accounts: Open, chief: Actor) -> None:
    organisation, session = await signed_up(accounts)
    listed = (await accounts.call("GET", "/organisations", None, chief))[1]["organisations"]
    assert [(one["id"], one["state"], one["to_look_at"]) for one in listed] == [
        (str(organisation), "waiting", True)
    ]
    file = (await accounts.call("GET", f"/organisations/{organisation}", None, chief))[1]
    assert (file["iban"], file["facts"]["registration"]) == ("BE68539007547034", "BE0403019261")
    assert (file["contact_email"], file["facts"]["town"]) == (SINGER, "Oostende")
    await accounts.said()
    assert await works(accounts, session)
    status, told = await decided(accounts, chief, organisation, "verify")
    assert (status, told["state"]) == (200, "verified")
    said = await accounts.said()
    assert OrganisationVerifiedV1(organisation=organisation, name="Koor De Zeeleeuw", version=2) in said
    assert ("organisation_verified", SINGER) in [
        (event.kind, event.email) for event in said if isinstance(event, LetterOrderedV1)
    ]
    # Rights grew, so the owner logs in anew; what was told is not told again by the clock.
    assert not await works(accounts, session)
    await accounts.run_timer("announce_organisations")
    assert await accounts.said() == []
    owner = Actor(Role.ORGANISER, UUID(session["actor"]), organisation, owner=True)
    own = (await accounts.call("GET", "/organisation", None, owner))[1]
    assert (own["state"], own["iban_end"], own["mine"]) == ("verified", "7034", "owner")


@pytest.mark.requirement("G-71")
async def test_the_first_owner_stands_in_the_access_log(accounts: Open, chief: Actor) -> None:
    owner = await verified(accounts, chief)
    found = await accounts.rows(
        "SELECT purpose, actor, reason, subject FROM access_entry e JOIN access_subject s ON s.entry = e.id"
    )
    assert [tuple(row.values()) for row in found] == [
        ("access_management", chief.id, "access-management", owner.id)
    ]


@pytest.mark.requirement("W-03")
@pytest.mark.parametrize(
    ("field", "value", "refused"),
    [
        ("iban", "BE68 5390 0754 7035", "iban-wrong"),
        ("iban", "XX68 5390 0754 7034", "iban-wrong"),
        ("registration", "0403.019.262", "registration-wrong"),
        ("registration", "NL123", "registration-wrong"),
        ("products", [], "invalid-input"),
        ("state", "verified", "invalid-input"),
        pytest.param("id", str(uuid4()), "invalid-input", id="id-of-its-own"),
    ],
)
async def test_what_cannot_be_true_or_is_not_asked_is_refused(
    accounts: Open, field: str, value: Any, refused: str
) -> None:
    session = await registered(accounts, SINGER)
    status, told = await accounts.call("POST", "/organisations", SIGN_UP | {field: value}, visitor(session))
    assert (status, slug(told)) == (422, refused)


async def test_a_register_without_vat_numbers_is_taken_at_its_word(accounts: Open) -> None:
    organisation, _ = await signed_up(accounts, country="NL", registration="40531234")
    found = await accounts.rows("SELECT registration FROM organisation_facts")
    assert (found, organisation.version) == ([{"registration": "40531234"}], 4)


async def test_who_has_no_account_or_a_role_or_waits_already_signs_nothing_up(
    accounts: Open, password_hash: str
) -> None:
    guest = Actor(Role.VISITOR, uuid4())
    assert slug((await accounts.call("POST", "/organisations", SIGN_UP, guest))[1]) == "account-needed"
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    as_visitor = Actor(Role.VISITOR, clerk.id)
    assert slug((await accounts.call("POST", "/organisations", SIGN_UP, as_visitor))[1]) == "role-held"
    _, session = await signed_up(accounts)
    again = await accounts.call("POST", "/organisations", SIGN_UP, visitor(session))
    assert (again[0], slug(again[1])) == (409, "sign-up-waiting")


@pytest.mark.requirement("W-01")
async def test_a_refusal_says_on_which_ground_and_the_data_go_after_six_months(
    accounts: Open, chief: Actor
) -> None:
    organisation, session = await signed_up(accounts)
    assert slug((await decided(accounts, chief, organisation, "refuse"))[1]) == "ground-missing"
    assert (await decided(accounts, chief, organisation, "refuse", "not_found"))[0] == 200
    mine = (await accounts.call("GET", "/organisations/mine", None, visitor(session)))[1]
    assert (mine["state"], mine["ground"]) == ("refused", "not_found")
    said = await accounts.said()
    assert not [event for event in said if isinstance(event, OrganisationVerifiedV1)]
    assert "organisation_refused" in [event.kind for event in said if isinstance(event, LetterOrderedV1)]
    (ended,) = await accounts.rows("SELECT ended_at FROM organisation_facts")
    assert ended["ended_at"] == accounts.clock.now()


@pytest.mark.requirement("W-01")
async def test_a_suspension_is_told_and_lifted_and_an_end_lets_everybody_go(
    accounts: Open, chief: Actor
) -> None:
    owner = await verified(accounts, chief)
    organisation = owner.organisation
    assert organisation is not None
    assert (await decided(accounts, chief, organisation, "suspend", "terms_broken"))[0] == 200
    about = {"organisation": organisation, "name": "Koor De Zeeleeuw"}
    assert OrganisationSuspendedV1(**about, version=3) in await accounts.said()
    change = CHOIR | {"name": "Een andere naam"}
    assert (
        slug((await accounts.call("PUT", "/organisation", change, owner))[1]) == "organisation-stands-still"
    )
    assert (await accounts.call("GET", "/organisation", None, owner))[1]["ground"] == "terms_broken"
    assert (await decided(accounts, chief, organisation, "resume"))[1]["ground"] is None
    assert OrganisationVerifiedV1(**about, version=4) in await accounts.said()
    assert slug((await decided(accounts, chief, organisation, "resume"))[1]) == "decision-impossible"
    assert (await decided(accounts, chief, organisation, "end", "at_request"))[0] == 200
    said = await accounts.said()
    assert ActorRevokedV1(actor=owner.id) in said
    assert OrganisationSuspendedV1(**about, version=5) in said
    assert await accounts.rows("SELECT FROM appointment WHERE subject_id = $1", owner.id) == []


@pytest.mark.requirement("W-03")
async def test_a_change_is_told_to_the_owners_and_waits_for_the_house_to_look(
    accounts: Open, chief: Actor
) -> None:
    owner = await verified(accounts, chief)
    accounts.clock.move(timedelta(hours=1))
    status, own = await accounts.call("PUT", "/organisation", CHOIR | {"town": "Gent"}, owner)
    assert (status, own["facts"]["town"], own["iban_end"]) == (200, "Gent", "7034")
    (letter,) = await accounts.said()
    assert isinstance(letter, LetterOrderedV1)
    assert (letter.kind, letter.email) == ("organisation_changed", SINGER)
    await accounts.call("PUT", "/organisation", CHOIR | {"name": "Koor van de zee"}, owner)
    renamed = OrganisationChangedV1(organisation=UUID(own["id"]), name="Koor van de zee", version=3)
    assert renamed in await accounts.said()
    (listed,) = (await accounts.call("GET", "/organisations", None, chief))[1]["organisations"]
    assert listed["to_look_at"]
    accounts.clock.move(timedelta(hours=1))
    await decided(accounts, chief, UUID(own["id"]), "verify")
    assert await accounts.said() == []
    (listed,) = (await accounts.call("GET", "/organisations", None, chief))[1]["organisations"]
    assert not listed["to_look_at"]


@pytest.mark.requirement("W-04")
async def test_an_organisation_is_its_own_peoples_and_only_its_owner_changes_it(
    accounts: Open, chief: Actor
) -> None:
    owner = await verified(accounts, chief)
    other = await verified(accounts, chief, "ander@tij.example", name="Gezelschap Tij")
    assert (await accounts.call("GET", "/organisation", None, other))[1]["name"] == "Gezelschap Tij"
    member = Actor(Role.ORGANISER, uuid4(), owner.organisation)
    refused = await accounts.call("PUT", "/organisation", CHOIR, member)
    assert (refused[0], slug(refused[1])) == (403, "owner-needed")
    assert (await accounts.call("GET", "/organisation", None, member))[1]["mine"] == "member"
    nowhere = Actor(Role.ORGANISER, owner.id, uuid4(), owner=True)
    assert (await accounts.call("PUT", "/organisation", CHOIR, nowhere))[0] == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SYSTEM_JOB)])
async def test_only_administrators_decide(accounts: Open, role: Role) -> None:
    actor = Actor(role, uuid4(), uuid4(), owner=True)
    assert (await decided(accounts, actor, uuid4(), "verify"))[0] == 403
    assert (await accounts.call("GET", "/organisations", None, actor))[0] == 403
