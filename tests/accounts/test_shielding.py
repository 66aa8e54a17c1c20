"""Who asked to be shielded is nameless for staff, and helped all the same (F-70)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.accounts.events import ProtectionSetV1
from contracts.actors import Actor, Role
from tests.accounts.conftest import add_person
from tests.accounts.premises import Open
from tests.accounts.test_choices import ME

CLERK, STEWARD = Actor(Role.BOX_OFFICE, uuid4()), Actor(Role.STEWARD, uuid4())
SUPERVISOR, OFFICER = Actor(Role.SUPERVISOR, uuid4()), Actor(Role.PRIVACY_OFFICER, uuid4())
ADDRESS, ONE = "an@devloedlijn.example", f"/people/{ME.id}"
SHIELD, NAME = f"{ONE}/protection", f"{ONE}/name"


async def shielded(accounts: Open) -> ProtectionSetV1:
    """Somebody is shielded, and accounts has heard itself say so."""
    await add_person(accounts, ME.id, ADDRESS)
    status, told = await accounts.call("PUT", SHIELD, {"reason": "threat"}, OFFICER)
    assert (status, told["review_on"]) == (200, "2027-11-21")
    (said,) = await accounts.said()
    assert isinstance(said, ProtectionSetV1)
    await accounts.hear(said)
    return said


@pytest.mark.requirement("F-70")
@pytest.mark.parametrize("who", [CLERK, SUPERVISOR, OFFICER], ids=lambda who: who.role.value)
async def test_whoever_looks_a_shielded_person_up_reads_no_name(accounts: Open, who: Actor) -> None:
    await shielded(accounts)
    _, found = await accounts.call("POST", "/people/search", {"email": ADDRESS}, who)
    assert [(one["subject"], one["name"]) for one in found["people"]] == [(str(ME.id), None)]
    assert (await accounts.call("GET", ONE, actor=who))[1]["name"] is None


@pytest.mark.requirement("F-70")
async def test_a_name_is_shown_to_whoever_needs_it_and_the_person_reads_that(accounts: Open) -> None:
    await add_person(accounts, ME.id, ADDRESS)
    status, problem = await accounts.call("GET", NAME, actor=SUPERVISOR)
    assert (status, problem["type"]) == (404, "/problems/not-protected")
    await accounts.call("PUT", SHIELD, {"reason": "known"}, OFFICER)
    for who in (CLERK, STEWARD):
        assert (await accounts.call("GET", NAME, actor=who))[0] == 403
    for who in (SUPERVISOR, OFFICER):
        assert (await accounts.call("GET", NAME, actor=who))[1]["name"] == "An Peeters"
    _, looks = await accounts.call("GET", "/people/me/looks", actor=ME)
    told = [(one["role"], one["purpose"]) for one in looks["looks"]]
    assert ("supervisor", "protection") in told


@pytest.mark.requirement("F-70")
async def test_only_the_privacy_desk_knows_who_is_shielded_and_is_told_when_to_ask_again(
    accounts: Open,
) -> None:
    await shielded(accounts)
    for who in (CLERK, STEWARD, SUPERVISOR):
        for method, path in (("GET", "/protections"), ("GET", SHIELD), ("PUT", SHIELD), ("DELETE", SHIELD)):
            body = {"reason": "threat"} if method == "PUT" else None
            assert (await accounts.call(method, path, body, who))[0] == 403
    accounts.clock.move(timedelta(days=366))
    _, told = await accounts.call("GET", "/protections", actor=OFFICER)
    assert [(one["subject"], one["reason"], one["due"]) for one in told["protections"]] == [
        (str(ME.id), "threat", True)
    ]
    _, again = await accounts.call("PUT", SHIELD, {"reason": "threat"}, OFFICER)
    assert (again["since"], again["due"]) == ("2026-11-21T12:00:00Z", False)
    assert await accounts.said() == [], "who is looked at again stays as they were"


@pytest.mark.requirement("F-70")
async def test_a_shield_ends_by_the_persons_wish_and_late_news_brings_none_back(accounts: Open) -> None:
    began = await shielded(accounts)
    assert (await accounts.call("DELETE", SHIELD, actor=OFFICER))[0] == 204
    (over,) = await accounts.said()
    assert isinstance(over, ProtectionSetV1)
    assert (over.protected, over.version) == (False, 2)
    await accounts.hear(over, began)
    assert (await accounts.call("GET", ONE, actor=CLERK))[1]["name"] == "An Peeters"
    assert (await accounts.call("DELETE", SHIELD, actor=OFFICER))[0] == 404
    (row,) = await accounts.rows("SELECT reason, since, protection_id FROM protection")
    assert row == {"reason": None, "since": None, "protection_id": None}
    status, problem = await accounts.call(
        "PUT", f"/people/{uuid4()}/protection", {"reason": "known"}, OFFICER
    )
    assert (status, problem["type"]) == (404, "/problems/nobody-known")
