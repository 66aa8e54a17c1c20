"""Who acts for an organisation: invited by its owner, within its own bounds (W-01, G-71)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import ActorRevokedV1, LetterOrderedV1
from contracts.actors import Actor, Role
from services.accounts.domain.roles import COUNTS_FOR
from tests.accounts.conftest import add_log_in
from tests.accounts.letters import log_in, registered, works
from tests.accounts.premises import Open
from tests.accounts.test_organisations import slug, verified
from tests.accounts.test_team import own, say

COLLEAGUE = "alt@zeeleeuw.example"


@pytest.fixture
async def chief(accounts: Open, password_hash: str) -> Actor:
    return await add_log_in(accounts, password_hash, "beheer", Role.ADMINISTRATOR)


@pytest.fixture
async def owner(accounts: Open, chief: Actor) -> Actor:
    return await verified(accounts, chief)


@pytest.fixture
async def other(accounts: Open, chief: Actor) -> Actor:
    return await verified(accounts, chief, "ander@tij.example", name="Gezelschap Tij")


async def invited(door: Open, by: Actor, email: str = COLLEAGUE, *, as_owner: bool = False) -> str:
    body = {"email": email, "owner": as_owner, "locale": "nl"}
    status, answer = await door.call("POST", "/organisation/invitations", body, by)
    assert status == 201, answer
    return str(answer["id"])


async def appoint(door: Open, by: Actor, invitation: str) -> tuple[int, Any]:
    return await door.call("POST", f"/organisation/invitations/{invitation}/role", None, by)


async def joined(door: Open, by: Actor, email: str = COLLEAGUE, *, as_owner: bool = False) -> Actor:
    """Somebody who acts for the organisation of `by` since a moment ago."""
    session = await registered(door, email)
    invitation = await invited(door, by, email, as_owner=as_owner)
    assert (await say(door, session, invitation, True))[0] == 200
    status, answer = await appoint(door, by, invitation)
    assert status == 201, answer
    await door.said()
    return Actor(Role.ORGANISER, UUID(session["actor"]), by.organisation, as_owner)


async def members(door: Open, reader: Actor) -> Any:
    status, answer = await door.call("GET", "/organisation/members", None, reader)
    assert status == 200, answer
    return answer


@pytest.mark.requirement("W-01")
async def test_a_colleague_is_invited_says_yes_acts_and_leaves(accounts: Open, owner: Actor) -> None:
    session = await registered(accounts, COLLEAGUE)
    await accounts.said()
    invitation = await invited(accounts, owner)
    (letter,) = await accounts.said()
    assert isinstance(letter, LetterOrderedV1)
    assert (letter.kind, letter.email, letter.name) == ("organisation_invited", COLLEAGUE, None)
    (waiting,) = await own(accounts, session)
    assert (waiting["role"], waiting["organisation"], waiting["owner"]) == (
        "organiser",
        "Koor De Zeeleeuw",
        False,
    )
    assert slug((await appoint(accounts, owner, invitation))[1]) == "invitation-unanswered"
    assert (await say(accounts, session, invitation, True))[0] == 200
    assert (await members(accounts, owner))["invitations"][0]["accepted"] is True
    status, member = await appoint(accounts, owner, invitation)
    assert (status, member["owner"], member["myself"]) == (201, False, False)
    assert not await works(accounts, session)
    assert (await log_in(accounts, COLLEAGUE))[1]["due"] is True
    await accounts.said()
    path = f"/organisation/members/{member['subject']}"
    assert (await accounts.call("DELETE", path, None, owner))[0] == 204
    assert ActorRevokedV1(actor=UUID(member["subject"])) in await accounts.said()
    assert (await log_in(accounts, COLLEAGUE))[1]["role"] == "visitor"
    assert (await accounts.call("DELETE", path, None, owner))[0] == 404


@pytest.mark.requirement("G-71")
async def test_each_colleague_is_in_the_access_log(accounts: Open, owner: Actor) -> None:
    colleague = await joined(accounts, owner)
    found = await accounts.rows(
        "SELECT actor, organisation, reason FROM access_entry e JOIN access_subject s ON s.entry = e.id"
        " WHERE s.subject = $1 AND purpose = 'organiser_service'",
        colleague.id,
    )
    assert [tuple(row.values()) for row in found] == [(owner.id, owner.organisation, "access-management")]


@pytest.mark.requirement("W-04")
async def test_another_organisation_finds_none_of_it(accounts: Open, owner: Actor, other: Actor) -> None:
    colleague, waiting = await joined(accounts, owner), await invited(accounts, owner, "bas@zee.example")
    assert [one["subject"] for one in (await members(accounts, other))["members"]] == [str(other.id)]
    assert (await members(accounts, other))["invitations"] == []
    nothing = uuid4()
    for path, there in (
        ("DELETE /organisation/members/{}", colleague.id),
        ("DELETE /organisation/invitations/{}", waiting),
        ("POST /organisation/invitations/{}/role", waiting),
    ):
        method, template = path.split(" ")
        got = await accounts.call(method, template.format(there), None, other)
        none = await accounts.call(method, template.format(nothing), None, other)
        assert got[0] == none[0] == 404
        assert slug(got[1]) == slug(none[1])
    # The same address may wait for both, and neither owner takes the other's invitation away.
    await invited(accounts, other, "bas@zee.example")
    assert len((await members(accounts, owner))["invitations"]) == 1


@pytest.mark.requirement("G-71")
async def test_a_member_makes_nobody_an_owner_and_sees_no_addresses(accounts: Open, owner: Actor) -> None:
    member = await joined(accounts, owner)
    for method, path, body in (
        ("POST", "/organisation/invitations", {"email": "zelf@zee.example", "owner": True}),
        ("DELETE", f"/organisation/invitations/{uuid4()}", None),
        ("POST", f"/organisation/invitations/{uuid4()}/role", None),
        ("DELETE", f"/organisation/members/{owner.id}", None),
    ):
        assert slug((await accounts.call(method, path, body, member))[1]) == "owner-needed"
    seen = {one["email"] for one in (await members(accounts, member))["members"]}
    assert seen == {None, COLLEAGUE}
    token = (await log_in(accounts, COLLEAGUE))[1]
    assert token["role"] == "visitor"


async def test_one_who_has_a_role_elsewhere_is_not_taken_over(
    accounts: Open, owner: Actor, other: Actor
) -> None:
    session = await registered(accounts, COLLEAGUE)
    here, there = await invited(accounts, owner), await invited(accounts, other)
    for invitation in (here, there):
        assert (await say(accounts, session, invitation, True))[0] == 200
    assert (await appoint(accounts, owner, here))[0] == 201
    assert slug((await appoint(accounts, other, there))[1]) == "role-held"


async def test_an_owner_always_stays(accounts: Open, owner: Actor) -> None:
    second = await joined(accounts, owner, as_owner=True)
    assert (
        slug((await accounts.call("DELETE", f"/organisation/members/{owner.id}", None, owner))[1])
        == "role-own"
    )
    assert (await accounts.call("DELETE", f"/organisation/members/{owner.id}", None, second))[0] == 204
    # A token outlives its role by minutes: who is no owner any more ends nobody.
    late = await accounts.call("DELETE", f"/organisation/members/{second.id}", None, owner)
    assert (late[0], slug(late[1])) == (403, "owner-needed")


async def test_the_house_gives_no_role_of_an_organisation_and_may_end_one(
    accounts: Open, owner: Actor, chief: Actor
) -> None:
    session = await registered(accounts, COLLEAGUE)
    invitation = await invited(accounts, owner, as_owner=True)
    await say(accounts, session, invitation, True)
    assert (await accounts.call("GET", "/team", None, chief))[1]["invitations"] == []
    there = f"/team/invitations/{invitation}"
    for method, path in (("POST", f"{there}/role"), ("DELETE", there)):
        assert slug((await accounts.call(method, path, None, chief))[1]) == "invitation-over"
    assert (await accounts.call("DELETE", f"/team/members/{owner.id}", None, chief))[0] == 204
    assert await accounts.rows("SELECT FROM appointment WHERE subject_id = $1", owner.id) == []


async def test_an_invitation_counts_for_a_week(accounts: Open, owner: Actor) -> None:
    session = await registered(accounts, COLLEAGUE)
    invitation = await invited(accounts, owner)
    await say(accounts, session, invitation, True)
    accounts.clock.move(COUNTS_FOR)
    assert slug((await appoint(accounts, owner, invitation))[1]) == "invitation-over"
