"""Another address for an account: both the old and the new one agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from contracts.actors import Actor, Role
from tests.accounts.letters import GOOD, letters, log_in, registered, token
from tests.accounts.premises import Open

OLD, NEW, MOOS = "noor@bezoeker.example", "noor@nieuw.example", "moos@bezoeker.example"


async def wish(
    door: Open, session: dict[str, Any], email: str = NEW, password: str = GOOD
) -> tuple[int, Any]:
    body = {"secret": session["secret"], "email": email, "password": password}
    return await door.call("POST", "/account/email", body)


@pytest.mark.requirement("W-41")
async def test_an_address_changes_when_both_agreed_and_then_everywhere(accounts: Open) -> None:
    own = await registered(accounts, OLD)
    assert (await wish(accounts, own))[0] == 202
    found = {letter.kind: letter for letter in await letters(accounts)}
    assert {kind: letter.email for kind, letter in found.items()} == {"email_new": NEW, "email_old": OLD}
    _, half = await accounts.call("POST", "/emails", {"token": token(accounts, found["email_new"])})
    assert half == {"done": False, "email": NEW}
    _, seen = await accounts.call("POST", "/account", {"secret": own["secret"]})
    assert (seen["user"], seen["new_email_asked"]) == (OLD, True)
    again = await accounts.call("POST", "/emails", {"token": token(accounts, found["email_new"])})
    assert again[0] == 410
    _, whole = await accounts.call("POST", "/emails", {"token": token(accounts, found["email_old"])})
    assert whole == {"done": True, "email": NEW}
    said = await accounts.said()
    assert [event.email for event in said if isinstance(event, PersonCorrectedV1 | ContactSetV1)] == [
        NEW,
        NEW,
    ]
    assert [(await log_in(accounts, user))[0] for user in (OLD, NEW)] == [401, 201]
    assert await accounts.rows("SELECT * FROM email_change") == []


async def test_one_address_alone_changes_nothing(accounts: Open) -> None:
    own = await registered(accounts, OLD)
    for kind in ("email_new", "email_old"):
        await wish(accounts, own)
        found = {letter.kind: letter for letter in await letters(accounts)}
        await accounts.call("POST", "/emails", {"token": token(accounts, found[kind])})
        assert [row["email"] for row in await accounts.rows("SELECT email FROM person")] == [OLD]


@pytest.mark.requirement("G-71")
async def test_whether_an_address_is_taken_is_told_to_its_reader_only(accounts: Open) -> None:
    own, other = await registered(accounts, OLD), await registered(accounts, MOOS)
    free, taken = await wish(accounts, own), await wish(accounts, own, MOOS)
    assert free == taken == (202, None)
    found = {(letter.kind, letter.email) for letter in await letters(accounts)}
    assert found == {("email_old", OLD), ("email_new", NEW), ("exists", MOOS)}
    assert other["actor"] not in str(found)


async def test_a_wrong_password_or_the_same_address_asks_nobody(accounts: Open) -> None:
    own = await registered(accounts, OLD)
    assert (await wish(accounts, own, password="mis"))[0] == 403
    assert (await wish(accounts, own, email=OLD.upper()))[1]["type"] == "/problems/email-same"
    assert (await wish(accounts, {"secret": "x" * 43}))[0] == 401
    assert await letters(accounts) == []


@pytest.mark.requirement("G-71")
async def test_the_form_of_ones_data_does_not_move_an_account_away(accounts: Open) -> None:
    own = await registered(accounts, OLD)
    me = Actor(Role.VISITOR, UUID(own["actor"]))
    status, told = await accounts.call("PATCH", "/people/me", {"email": NEW}, me)
    assert (status, told["type"]) == (409, "/problems/email-needs-both")
    body = {"name": "Noor Peeters", "email": OLD, "phone": "+32 470 00 00 02"}
    status, person = await accounts.call("PATCH", "/people/me", body, me)
    assert (status, person["name"], person["phone"]) == (200, "Noor Peeters", "+32 470 00 00 02")
    _, emptied = await accounts.call("PATCH", "/people/me", {"remove_phone": True}, me)
    assert emptied["phone"] is None
