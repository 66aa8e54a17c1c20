"""A guest's order is kept in an account by the link of its mail, and by nothing else (G-02)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.tokens import LinkSigner
from contracts.accounts.events import ChoiceSetV1, PersonCorrectedV1, ProtectionSetV1, SubjectMergedV1
from contracts.actors import Actor, Role
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1
from contracts.retention.events import CopyOrderedV1, ErasureOrderedV1, RestrictionSetV1
from services.accounts.domain.choices import Record
from services.accounts.domain.claiming import NOES, Key, reconciled
from tests.accounts.letters import registered
from tests.accounts.premises import NOON, Open

GUEST, OTHER, TROUPE = uuid4(), uuid4(), uuid4()


def link(door: Open, subject: UUID = GUEST) -> str:
    """The token in the link of a mail about an order."""
    return LinkSigner(door.premises.notify_key).sign(subject, "nl", door.clock.now(), 30)


async def claim(door: Open, session: dict[str, Any], token: str) -> tuple[int, Any]:
    return await door.call("POST", "/account/guests", {"secret": session["secret"], "link": token})


@pytest.fixture
async def noor(accounts: Open) -> dict[str, Any]:
    """Somebody with an account; a guest who bought stands beside her, with the same address."""
    session = await registered(accounts, "noor@example.org")
    await accounts.hear(bought(GUEST), bought(OTHER))
    return session


def bought(subject: UUID) -> BuyerNamedV1:
    return BuyerNamedV1(
        subject=subject, version=1, name="N. Oor", email="noor@example.org", phone=None, locale="nl"
    )


def me(session: dict[str, Any]) -> Actor:
    return Actor(Role.VISITOR, UUID(session["actor"]))


@pytest.mark.requirement("G-02")
async def test_whoever_has_the_link_of_the_mail_keeps_the_order_once(
    accounts: Open, noor: dict[str, Any]
) -> None:
    assert await claim(accounts, noor, link(accounts)) == (200, {"guest": str(GUEST)})
    assert await claim(accounts, noor, link(accounts)) == (200, {"guest": str(GUEST)})
    assert await accounts.said() == [SubjectMergedV1(subject=GUEST, into=UUID(noor["actor"]))]
    rows = await accounts.rows("SELECT guest, account FROM claimed_guest")
    assert [(row["guest"], row["account"]) for row in rows] == [(GUEST, UUID(noor["actor"]))]


@pytest.mark.requirement("G-02")
async def test_no_address_no_stranger_and_no_session_keeps_an_order(
    accounts: Open, noor: dict[str, Any]
) -> None:
    rival = await registered(accounts, "rival@example.org")
    assert (await claim(accounts, {"secret": "no"}, link(accounts)))[0] == 401
    for wrong in ("", "x" * 200, link(accounts)[:-4] + "AAAA"):
        status, problem = await claim(accounts, noor, wrong)
        assert (status, problem["type"]) == (410, "/problems/claim-link-dead")
    status, problem = await claim(accounts, noor, link(accounts, UUID(rival["actor"])))
    assert (status, problem["type"]) == (409, "/problems/claim-of-account")
    assert (await claim(accounts, rival, link(accounts)))[0] == 200
    status, problem = await claim(accounts, noor, link(accounts))
    assert (status, problem["type"]) == (409, "/problems/claim-taken")
    accounts.clock.move(timedelta(days=31))
    late = LinkSigner(accounts.premises.notify_key).sign(OTHER, "nl", NOON, 30)
    session = await registered(accounts, "later@example.org")
    assert (await claim(accounts, session, late))[0] == 410


@pytest.mark.requirement("W-42")
@pytest.mark.requirement("W-43")
async def test_who_was_erased_or_only_stored_is_not_kept_anywhere(
    accounts: Open, noor: dict[str, Any]
) -> None:
    await accounts.hear(ErasureOrderedV1(subject=GUEST, case=uuid4(), as_of=NOON))
    status, problem = await claim(accounts, noor, link(accounts))
    assert (status, problem["type"]) == (410, "/problems/claim-gone")
    await accounts.hear(RestrictionSetV1(subject=OTHER, restricted=True, version=1))
    status, problem = await claim(accounts, noor, link(accounts, OTHER))
    assert (status, problem["type"]) == (409, "/problems/claim-restricted")
    await accounts.hear(RestrictionSetV1(subject=OTHER, restricted=False, version=2))
    await accounts.hear(RestrictionSetV1(subject=UUID(noor["actor"]), restricted=True, version=1))
    assert (await claim(accounts, noor, link(accounts, OTHER)))[0] == 409
    assert await accounts.rows("SELECT FROM claimed_guest") == []


@pytest.mark.requirement("W-41")
async def test_a_correction_reaches_what_was_bought_as_a_guest(accounts: Open, noor: dict[str, Any]) -> None:
    await claim(accounts, noor, link(accounts))
    await accounts.said()
    await accounts.call("PATCH", "/people/me", {"name": "Noor Achterduin"}, me(noor))
    told = [event for event in await accounts.said() if isinstance(event, PersonCorrectedV1)]
    assert {(one.subject, one.name) for one in told} == {
        (UUID(noor["actor"]), "Noor Achterduin"),
        (GUEST, "Noor Achterduin"),
    }
    await accounts.call("PATCH", "/people/me", {"name": "Iemand"}, Actor(Role.VISITOR, GUEST))
    assert {one.subject for one in await accounts.said() if isinstance(one, PersonCorrectedV1)} == {GUEST}


@pytest.mark.requirement("W-40")
@pytest.mark.requirement("W-42")
async def test_a_copy_and_an_erasure_of_the_account_have_the_guest_in_them(
    accounts: Open, noor: dict[str, Any]
) -> None:
    await claim(accounts, noor, link(accounts))
    request, account = uuid4(), UUID(noor["actor"])
    await accounts.hear(CopyOrderedV1(subject=account, request=request))
    _, part = await accounts.call("GET", f"/copies/{request}", actor=me(noor))
    assert sorted(row["name"] for row in part["tables"]["person"]["rows"]) == ["N. Oor", "Noor"]
    await accounts.said()
    await accounts.hear(ErasureOrderedV1(subject=account, case=uuid4(), as_of=NOON))
    (receipt,) = await accounts.said()
    assert receipt.model_dump()["counts"]["person"] == 2
    left = await accounts.rows("SELECT subject_id FROM person")
    assert [row["subject_id"] for row in left] == [OTHER]
    assert await accounts.rows("SELECT FROM claimed_guest") == []
    await accounts.hear(bought(GUEST))
    assert len(await accounts.rows("SELECT FROM person")) == 1


@pytest.mark.requirement("G-34")
@pytest.mark.requirement("W-45")
async def test_choices_of_both_become_one_persons_whenever_the_checkout_is_heard(
    accounts: Open, noor: dict[str, Any]
) -> None:
    await accounts.rows("INSERT INTO organisation VALUES ($1, 'Gezelschap Noordster', $2)", TROUPE, NOON)
    guest = Actor(Role.VISITOR, GUEST)
    door = {"purpose": "co_presentation_door_list", "organisation": str(TROUPE), "state": "objected"}
    await accounts.call("POST", "/people/me/choices", door, guest)
    await claim(accounts, noor, link(accounts))
    merged = SubjectMergedV1(subject=GUEST, into=UUID(noor["actor"]))
    await accounts.hear(merged, merged)
    await accounts.hear(said_at_checkout("given"))
    _, answer = await accounts.call("GET", "/people/me/choices", actor=me(noor))
    states = {one["purpose"]: one["state"] for one in answer["choices"]}
    assert states == {"co_presentation_door_list": "objected", "co_presentation_news": "given"}
    await accounts.said()
    news = {"purpose": "co_presentation_news", "organisation": str(TROUPE), "state": "withdrawn"}
    await accounts.call("POST", "/people/me/choices", news, me(noor))
    told = [event for event in await accounts.said() if isinstance(event, ChoiceSetV1)]
    assert {(one.subject, one.state) for one in told} == {
        (GUEST, "withdrawn"),
        (UUID(noor["actor"]), "withdrawn"),
    }


@pytest.mark.requirement("G-60")
async def test_a_guests_mail_says_no_for_the_person_and_yes_for_its_order_alone(
    accounts: Open, noor: dict[str, Any]
) -> None:
    await claim(accounts, noor, link(accounts))
    guest, newsletter = Actor(Role.VISITOR, GUEST), {"purpose": "newsletter"}
    for who, state in ((me(noor), "given"), (guest, "withdrawn"), (guest, "given")):
        await accounts.call("POST", "/people/me/choices", {**newsletter, "state": state}, who)
    for who, wanted in ((me(noor), "withdrawn"), (guest, "given")):
        _, answer = await accounts.call("GET", "/people/me/choices", actor=who)
        assert [one["state"] for one in answer["choices"]] == [wanted]


def said_at_checkout(state: str) -> ChoiceMadeV1:
    return ChoiceMadeV1(
        subject=GUEST,
        purpose="co_presentation_news",
        organisation=TROUPE,
        channel="email",
        state=state,
        wording="checkout.co_presentation_news.v2",
        language="nl",
        made_at=NOON,
    )


@pytest.mark.requirement("F-70")
async def test_a_shield_covers_every_id_of_a_person(accounts: Open, noor: dict[str, Any]) -> None:
    officer, account = Actor(Role.PRIVACY_OFFICER, uuid4()), UUID(noor["actor"])
    shield = {"reason": "threat"}
    assert (await accounts.call("PUT", f"/people/{OTHER}/protection", shield, officer))[0] in (200, 201)
    await claim(accounts, noor, link(accounts, OTHER))
    merged = SubjectMergedV1(subject=OTHER, into=account)
    await accounts.hear(merged, merged)
    told = [event for event in await accounts.said() if isinstance(event, ProtectionSetV1)]
    assert {one.subject for one in told} == {OTHER, account}
    assert (await accounts.call("DELETE", f"/people/{account}/protection", actor=officer))[0] == 204
    told = [event for event in await accounts.said() if isinstance(event, ProtectionSetV1)]
    assert {(one.subject, one.protected) for one in told} == {(OTHER, False), (account, False)}


STATES = st.sampled_from((None, "given", "refused", "withdrawn", "expired", "objected", "lifted"))
KEY = ("newsletter", None, "email")


def chosen(whose: UUID, state: str | None) -> dict[Key, Record]:
    if state is None:
        return {}
    about = (uuid4(), whose, "newsletter", None, None, "email", state, 1)
    return {KEY: Record(*about, "preferences.newsletter.v1", "nl", "my_data", NOON, None, None)}


@given(STATES, STATES)
def test_no_claim_turns_a_no_into_a_yes_and_the_second_time_it_changes_nothing(
    mine: str | None, theirs: str | None
) -> None:
    stands = {OTHER: mine, GUEST: theirs}
    for one in reconciled(OTHER, GUEST, chosen(OTHER, mine), chosen(GUEST, theirs)):
        assert stands[one.to] not in NOES or one.record.state == "objected"
        stands[one.to] = one.record.state
    if mine in NOES and theirs != "objected":
        assert stands[OTHER] == mine
        assert stands[GUEST] in NOES
    if "objected" in (mine, theirs):
        assert stands[OTHER] == "objected"
        assert stands[GUEST] in NOES
    assert not list(reconciled(OTHER, GUEST, chosen(OTHER, stands[OTHER]), chosen(GUEST, stands[GUEST])))
