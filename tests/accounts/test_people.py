"""One's own data and choices, and what the other services hear of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import (
    ChoiceSetV1,
    ContactSetV1,
    OrganisationVerifiedV1,
    PersonCorrectedV1,
)
from contracts.accounts.receipts import CopyReadyV1, ErasureCarriedOutV1
from contracts.actors import Actor, Role
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1
from contracts.retention.events import AnonymisationOrderedV1, CopyOrderedV1, ErasureOrderedV1
from tests.accounts.conftest import PASSWORD, add_log_in
from tests.accounts.premises import NOON, Open

GUEST = UUID("6f1c8f40-31cf-4f8c-9d0c-3d8f3a8f0a01")
ME = Actor(Role.VISITOR, GUEST)
OFFICER = Actor(Role.PRIVACY_OFFICER, uuid4())
TROUPE = uuid4()


def named(subject: UUID = GUEST, version: int = 1, name: str = "Guusje Zeldzaam") -> BuyerNamedV1:
    return BuyerNamedV1(
        subject=subject,
        version=version,
        name=name,
        email="Guusje@Zeldzaam.example",
        phone="+32 470 12 34 56",
        locale="fr",
    )


def made(state: str, minute: int = 0) -> ChoiceMadeV1:
    return ChoiceMadeV1(
        subject=GUEST,
        purpose="co_presentation_news",
        organisation=TROUPE,
        channel="email",
        state=state,
        wording="checkout.news.v1",
        language="fr",
        made_at=NOON + timedelta(minutes=minute),
    )


async def test_buyers_named_together_are_kept_and_a_known_one_is_renewed(accounts: Open) -> None:
    other = uuid4()
    await accounts.hear(named())
    await accounts.hear_together(named(version=2, name="Guusje Nieuw"), named(other), named(other))
    rows = await accounts.rows("SELECT subject_id, name, version FROM person")
    assert {(row["subject_id"], row["name"], row["version"]) for row in rows} == {
        (GUEST, "Guusje Nieuw", 2),
        (other, "Guusje Zeldzaam", 1),
    }


@pytest.mark.requirement("G-60")
async def test_a_guest_who_bought_sees_and_corrects_what_is_held(accounts: Open) -> None:
    await accounts.hear(named())
    status, person = await accounts.call("GET", "/people/me", actor=ME)
    assert (status, person["name"], person["version"]) == (200, "Guusje Zeldzaam", 1)
    status, person = await accounts.call("PATCH", "/people/me", {"name": "Guusje Zeldzame"}, ME)
    assert (status, person["name"], person["version"]) == (200, "Guusje Zeldzame", 2)
    corrected, contact = await accounts.said()
    assert corrected == PersonCorrectedV1(subject=GUEST, version=2, name="Guusje Zeldzame")
    assert contact == ContactSetV1(
        subject=GUEST, version=2, name="Guusje Zeldzame", email="Guusje@zeldzaam.example", locale="fr"
    )


async def test_a_phone_number_that_was_taken_away_is_told_and_mail_is_left_alone(accounts: Open) -> None:
    await accounts.hear(named())
    _, person = await accounts.call("PATCH", "/people/me", {"remove_phone": True}, ME)
    assert person["phone"] is None
    assert await accounts.said() == [PersonCorrectedV1(subject=GUEST, version=2, phone_removed=True)]


async def test_correcting_nothing_tells_nobody(accounts: Open) -> None:
    await accounts.hear(named())
    status, person = await accounts.call("PATCH", "/people/me", {"name": "Guusje Zeldzaam"}, ME)
    assert (status, person["version"]) == (200, 1)
    assert await accounts.said() == []


async def test_an_older_name_from_the_shop_does_not_undo_a_correction(accounts: Open) -> None:
    await accounts.hear(named())
    await accounts.call("PATCH", "/people/me", {"name": "Guusje Zeldzame"}, ME)
    await accounts.hear(named(version=2, name="Iemand Anders"), named())
    _, person = await accounts.call("GET", "/people/me", actor=ME)
    assert person["name"] == "Guusje Zeldzame"


async def test_a_stranger_has_no_data_and_staff_no_way_in(accounts: Open) -> None:
    await accounts.hear(named())
    status, problem = await accounts.call("GET", "/people/me", actor=Actor(Role.VISITOR, uuid4()))
    assert (status, problem["type"]) == (404, "/problems/person-unknown")
    assert (await accounts.call("GET", "/people/me", actor=OFFICER))[0] == 403
    assert (await accounts.call("GET", "/people/me"))[0] == 401
    assert (await accounts.call("PATCH", "/people/me", {"name": ""}, ME))[0] == 422


@pytest.mark.requirement("F-67")
async def test_the_box_at_checkout_becomes_a_proof_and_a_numbered_choice(accounts: Open) -> None:
    await accounts.hear(made("given"))
    (row,) = await accounts.rows("SELECT * FROM choice")
    assert (row["wording"], row["language"], row["place"]) == ("checkout.news.v1", "fr", "checkout")
    assert (row["made_at"], row["version"]) == (NOON, 1)
    (told,) = await accounts.said()
    assert isinstance(told, ChoiceSetV1)
    assert (told.state, told.version, told.organisation) == ("given", 1, TROUPE)


@pytest.mark.requirement("W-45")
async def test_an_objection_counts_at_once_also_when_the_checkout_is_heard_late(accounts: Open) -> None:
    await accounts.rows("INSERT INTO organisation VALUES ($1, 'Gezelschap Noordster', $2)", TROUPE, NOON)
    accounts.clock.move(timedelta(minutes=5))
    objection = {"purpose": "co_presentation_news", "organisation": str(TROUPE), "state": "objected"}
    status, answer = await accounts.call("POST", "/people/me/choices", objection, ME, language="nl")
    assert status == 200
    (choice,) = answer["choices"]
    assert (choice["state"], choice["organisation_name"]) == ("objected", "Gezelschap Noordster")
    await accounts.hear(made("given"))
    _, answer = await accounts.call("GET", "/people/me/choices", actor=ME)
    assert [choice["state"] for choice in answer["choices"]] == ["objected"]
    told = await accounts.said()
    assert [(one.state, one.version) for one in told if isinstance(one, ChoiceSetV1)] == [("objected", 1)]
    proofs = await accounts.rows("SELECT state, version, language FROM choice ORDER BY made_at")
    assert [(row["state"], row["version"]) for row in proofs] == [("given", 0), ("objected", 1)]


async def test_choices_count_up_and_reach_the_own_gate(accounts: Open) -> None:
    for state in ("given", "withdrawn", "given"):
        body = {"purpose": "newsletter", "state": state}
        assert (await accounts.call("POST", "/people/me/choices", body, ME))[0] == 200
    told = await accounts.said()
    assert [one.version for one in told if isinstance(one, ChoiceSetV1)] == [1, 2, 3]
    await accounts.hear(*reversed(told))
    (gate,) = await accounts.rows("SELECT state, version FROM gate")
    assert (gate["state"], gate["version"]) == ("given", 3)


async def test_choices_that_do_not_exist_are_refused(accounts: Open) -> None:
    for body, slug in (
        ({"purpose": "ticket_sale", "state": "objected"}, "choice-not-possible"),
        ({"purpose": "no_such_purpose", "state": "given"}, "choice-not-possible"),
        (
            {"purpose": "co_presentation_news", "organisation": str(uuid4()), "state": "given"},
            "organisation-unknown",
        ),
    ):
        status, problem = await accounts.call("POST", "/people/me/choices", body, ME)
        assert (status, problem["type"]) == (422, f"/problems/{slug}")
    assert await accounts.said() == []


async def test_the_privacy_desk_finds_every_person_behind_an_address(accounts: Open) -> None:
    other = uuid4()
    await accounts.hear(named(), named(subject=other))
    body = {"email": "guusje@zeldzaam.EXAMPLE"}
    status, found = await accounts.call("POST", "/subjects/by-email", body, OFFICER)
    assert status == 200
    assert set(found["subjects"]) == {str(GUEST), str(other)}
    assert (await accounts.call("POST", "/subjects/by-email", body, ME))[0] == 403


@pytest.mark.requirement("G-62")
async def test_erasure_takes_everything_and_late_news_brings_nothing_back(
    accounts: Open, password_hash: str
) -> None:
    me = await add_log_in(accounts, password_hash, "lien@bezoeker.example")
    for password in ("mis", PASSWORD):
        await accounts.call("POST", "/sessions", {"user": "lien@bezoeker.example", "password": password})
    await accounts.call("POST", "/sessions", {"user": "lien@bezoeker.example", "password": "mis"})
    await accounts.call("POST", "/people/me/choices", {"purpose": "newsletter", "state": "given"}, me)
    await accounts.said()
    case = uuid4()
    order = ErasureOrderedV1(subject=me.id, case=case, as_of=NOON)
    await accounts.hear(order, order)
    receipts = await accounts.said()
    assert len(receipts) == 2
    assert receipts[0] == receipts[1]
    assert isinstance(receipts[0], ErasureCarriedOutV1)
    held = {table: receipts[0].counts[table] for table in ("person", "login", "session", "attempt", "choice")}
    assert held == {"person": 1, "login": 1, "session": 1, "attempt": 1, "choice": 1}
    await accounts.hear(named(subject=me.id, version=9))
    assert (await accounts.call("GET", "/people/me", actor=me))[0] == 404
    body = {"user": "lien@bezoeker.example", "password": PASSWORD}
    assert (await accounts.call("POST", "/sessions", body))[0] == 401


@pytest.mark.requirement("G-41")
async def test_seven_years_of_silence_leave_nothing(accounts: Open) -> None:
    await accounts.hear(named(), named(subject=TROUPE))
    await accounts.hear(AnonymisationOrderedV1(subject=GUEST, sweep=uuid4(), as_of=NOON))
    assert [row["subject_id"] for row in await accounts.rows("SELECT * FROM person")] == [TROUPE]


@pytest.mark.requirement("W-40")
async def test_a_copy_shows_the_person_and_hides_the_password_hash(
    accounts: Open, password_hash: str
) -> None:
    me = await add_log_in(accounts, password_hash, "lien@bezoeker.example")
    request = uuid4()
    await accounts.hear(CopyOrderedV1(subject=me.id, request=request))
    (ready,) = await accounts.said()
    assert isinstance(ready, CopyReadyV1)
    status, part = await accounts.call("GET", f"/copies/{request}", actor=me)
    assert status == 200
    assert part["tables"]["person"]["rows"][0]["name"] == "An Peeters"
    assert "$argon2id$" not in str(part)


@pytest.mark.requirement("W-01")
async def test_a_verified_organisation_is_told_once_per_version(accounts: Open) -> None:
    await accounts.rows("INSERT INTO organisation VALUES ($1, 'Gezelschap Noordster', $2)", TROUPE, NOON)
    for _ in range(2):
        await accounts.run_timer("announce_organisations")
    assert await accounts.said() == [
        OrganisationVerifiedV1(organisation=TROUPE, name="Gezelschap Noordster", version=1)
    ]
    await accounts.rows("UPDATE organisation SET name = 'Noordster', version = 2")
    await accounts.run_timer("announce_organisations")
    (told,) = await accounts.said()
    assert isinstance(told, OrganisationVerifiedV1)
    assert told.version == 2


@pytest.mark.requirement("W-42")
async def test_a_choice_made_after_the_erasure_brings_nobody_back(accounts: Open) -> None:
    await accounts.hear(named(), ErasureOrderedV1(subject=GUEST, case=uuid4(), as_of=NOON))
    await accounts.said()
    body = {"purpose": "newsletter", "state": "given"}
    status, problem = await accounts.call("POST", "/people/me/choices", body, ME)
    assert (status, problem["type"]) == (404, "/problems/person-unknown")
    assert await accounts.rows("SELECT FROM choice") == []
    assert await accounts.said() == []
