"""Who works for the house: invited by address, accepted by its account, given, reviewed, ended (G-71)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import ActorRevokedV1, LetterOrderedV1, SessionEndedV1
from contracts.actors import Actor, Role
from services.accounts.domain.roles import COUNTS_FOR
from tests.accounts.conftest import add_log_in
from tests.accounts.letters import log_in, registered, works
from tests.accounts.premises import Open

NEWCOMER = "sam@devloedlijn.example"


@pytest.fixture
async def chief(accounts: Open, password_hash: str) -> Actor:
    return await add_log_in(accounts, password_hash, "beheer", Role.ADMINISTRATOR)


@pytest.fixture
async def officer(accounts: Open, password_hash: str) -> Actor:
    return await add_log_in(accounts, password_hash, "privacy", Role.PRIVACY_OFFICER)


async def invited(door: Open, by: Actor, role: str, email: str = NEWCOMER) -> str:
    body = {"email": email, "role": role, "locale": "nl"}
    status, answer = await door.call("POST", "/team/invitations", body, by)
    assert status == 201, answer
    return str(answer["id"])


async def own(door: Open, session: dict[str, Any]) -> list[dict[str, Any]]:
    status, answer = await door.call("POST", "/account/invitations", {"secret": session["secret"]})
    assert status == 200, answer
    found: list[dict[str, Any]] = answer["invitations"]
    return found


async def say(door: Open, session: dict[str, Any], invitation: str, accept: bool) -> tuple[int, Any]:
    body = {"secret": session["secret"], "accept": accept}
    return await door.call("POST", f"/account/invitations/{invitation}", body)


async def give(door: Open, by: Actor, invitation: str) -> tuple[int, Any]:
    return await door.call("POST", f"/team/invitations/{invitation}/role", None, by)


async def accepted(door: Open, by: Actor, role: str) -> tuple[str, dict[str, Any]]:
    """An invitation that a newcomer with an account has accepted, and their session."""
    session = await registered(door, NEWCOMER)
    invitation = await invited(door, by, role)
    status, answer = await say(door, session, invitation, True)
    assert status == 200, answer
    return invitation, session


@pytest.mark.requirement("G-71")
async def test_a_role_goes_from_an_address_to_a_person_and_everybody_logs_in_anew(
    accounts: Open, chief: Actor
) -> None:
    session = await registered(accounts, NEWCOMER)
    invitation = await invited(accounts, chief, "box_office")
    letter = next(event for event in await accounts.said() if isinstance(event, LetterOrderedV1))
    assert (letter.kind, letter.email, letter.name) == ("invited", NEWCOMER, None)
    assert [(one["role"], one["accepted"]) for one in await own(accounts, session)] == [("box_office", False)]
    assert (await give(accounts, chief, invitation))[1]["type"].endswith("invitation-unanswered")
    assert (await say(accounts, session, invitation, True))[0] == 200
    assert (await log_in(accounts, NEWCOMER))[1]["role"] == "visitor"
    await accounts.said()
    status, member = await give(accounts, chief, invitation)
    assert (status, member["role"], member["review_due"]) == (201, "box_office", False)
    assert not await works(accounts, session)
    # The role waits for a second factor, which the next log-in leads to.
    assert (await log_in(accounts, NEWCOMER))[1]["due"] is True
    said = await accounts.said()
    assert any(isinstance(event, SessionEndedV1) for event in said)
    assert "role_given" in [event.kind for event in said if isinstance(event, LetterOrderedV1)]


@pytest.mark.requirement("G-71")
async def test_each_grant_is_in_the_access_log(accounts: Open, chief: Actor) -> None:
    invitation, session = await accepted(accounts, chief, "steward")
    await give(accounts, chief, invitation)
    found = await accounts.rows(
        "SELECT purpose, actor, reason, subject FROM access_entry e JOIN access_subject s ON s.entry = e.id"
    )
    assert [tuple(row.values()) for row in found] == [
        ("access_management", chief.id, "access-management", UUID(session["actor"]))
    ]


@pytest.mark.requirement("G-71")
@pytest.mark.parametrize("role", ["administrator", "privacy_officer"])
async def test_two_pairs_of_eyes_give_what_opens_everything(
    accounts: Open, chief: Actor, officer: Actor, role: str
) -> None:
    invitation, _ = await accepted(accounts, chief, role)
    status, refused = await give(accounts, chief, invitation)
    assert (status, refused["type"].rsplit("/")[-1]) == (403, "role-second-eyes")
    assert (await accounts.call("GET", "/team", None, chief))[1]["invitations"][0]["second_eyes"] is True
    status, member = await give(accounts, officer, invitation)
    assert (status, member["role"]) == (201, role)


async def test_a_privacy_officer_gives_nothing_else(accounts: Open, chief: Actor, officer: Actor) -> None:
    invitation, _ = await accepted(accounts, chief, "finance")
    status, refused = await give(accounts, officer, invitation)
    assert (status, refused["type"].rsplit("/")[-1]) == (403, "role-not-yours")


async def test_a_stranger_with_the_number_of_an_invitation_gets_nothing(accounts: Open, chief: Actor) -> None:
    stranger = await registered(accounts, "iemand@devloedlijn.example")
    invitation = await invited(accounts, chief, "administrator")
    assert await own(accounts, stranger) == []
    for accept in (True, False):
        status, refused = await say(accounts, stranger, invitation, accept)
        assert (status, refused["type"].rsplit("/")[-1]) == (410, "invitation-over")
    mine = await registered(accounts, NEWCOMER)
    assert len(await own(accounts, mine)) == 1


async def test_an_invitation_ends_by_no_by_withdrawal_and_by_itself(accounts: Open, chief: Actor) -> None:
    session = await registered(accounts, NEWCOMER)
    first = await invited(accounts, chief, "steward")
    assert (await say(accounts, session, first, False))[0] == 200
    second = await invited(accounts, chief, "steward")
    assert (await accounts.call("DELETE", f"/team/invitations/{second}", None, chief))[0] == 204
    assert (await accounts.call("DELETE", f"/team/invitations/{second}", None, chief))[0] == 410
    third = await invited(accounts, chief, "steward")
    await say(accounts, session, third, True)
    accounts.clock.move(COUNTS_FOR)
    assert (await give(accounts, chief, third))[0] == 410
    await accounts.run_timer("forget_invitations")
    assert await accounts.rows("SELECT FROM invitation") == []


async def test_one_person_has_one_role(accounts: Open, chief: Actor) -> None:
    invitation, _ = await accepted(accounts, chief, "steward")
    await give(accounts, chief, invitation)
    again = await invited(accounts, chief, "planner")
    session = (await log_in(accounts, NEWCOMER))[1]
    status, refused = await say(accounts, session, again, True)
    assert (status, refused["type"].rsplit("/")[-1]) == (409, "role-held")


@pytest.mark.requirement("G-71")
async def test_who_leaves_is_out_of_every_session_and_told(accounts: Open, chief: Actor) -> None:
    invitation, _ = await accepted(accounts, chief, "steward")
    _, member = await give(accounts, chief, invitation)
    session = (await log_in(accounts, NEWCOMER))[1]
    await accounts.said()
    status, _ = await accounts.call("DELETE", f"/team/members/{member['subject']}", None, chief)
    assert status == 204
    assert not await works(accounts, session)
    said = await accounts.said()
    assert ActorRevokedV1(actor=UUID(member["subject"])) in said
    assert "role_ended" in [event.kind for event in said if isinstance(event, LetterOrderedV1)]
    assert (await log_in(accounts, NEWCOMER))[1]["role"] == "visitor"


async def test_nobody_decides_about_their_own_role_and_one_administrator_stays(
    accounts: Open, chief: Actor, password_hash: str
) -> None:
    for method, path in (("DELETE", ""), ("POST", "/review")):
        status, refused = await accounts.call(method, f"/team/members/{chief.id}{path}", None, chief)
        assert (status, refused["type"].rsplit("/")[-1]) == (403, "role-own")
    # A token outlives its role by minutes: who is no administrator any more does not end the last one.
    former = Actor(Role.ADMINISTRATOR, uuid4())
    status, refused = await accounts.call("DELETE", f"/team/members/{chief.id}", None, former)
    assert (status, refused["type"].rsplit("/")[-1]) == (409, "role-last-administrator")
    status, refused = await accounts.call("DELETE", f"/team/members/{uuid4()}", None, chief)
    assert (status, refused["type"].rsplit("/")[-1]) == (404, "member-unknown")


@pytest.mark.requirement("G-71")
async def test_after_a_year_somebody_looks_whether_a_role_is_still_needed(
    accounts: Open, chief: Actor, officer: Actor
) -> None:
    accounts.clock.move(timedelta(days=366))
    team = (await accounts.call("GET", "/team", None, chief))[1]["members"]
    assert [one["review_due"] for one in team] == [True, True]
    status, member = await accounts.call("POST", f"/team/members/{officer.id}/review", None, chief)
    assert (status, member["review_due"]) == (200, False)
    team = (await accounts.call("GET", "/team", None, chief))[1]["members"]
    assert [(one["role"], one["review_due"]) for one in team] == [
        ("administrator", True),
        ("privacy_officer", False),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.SYSTEM_JOB)])
async def test_only_administrators_invite(accounts: Open, role: Role) -> None:
    actor = Actor(role, uuid4(), uuid4())
    body = {"email": NEWCOMER, "role": "administrator"}
    assert (await accounts.call("POST", "/team/invitations", body, actor))[0] == 403


async def test_a_role_that_is_none_of_the_house_is_refused(accounts: Open, chief: Actor) -> None:
    for role in ("organiser", "visitor", "system_job", "koning"):
        body = {"email": NEWCOMER, "role": role}
        status, refused = await accounts.call("POST", "/team/invitations", body, chief)
        assert (status, refused["type"].rsplit("/")[-1]) == (422, "invalid-input")
