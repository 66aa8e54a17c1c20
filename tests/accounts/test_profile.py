"""What people add about themselves, and whether they are old enough to say yes (G-10, GDPR 8)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as any_of

from chassis.countries import known_countries
from chassis.purposes import known_purposes
from contracts.accounts.events import ChoiceSetV1
from contracts.actors import Actor, Role
from contracts.orders.events import ChoiceMadeV1
from contracts.retention.events import AnonymisationOrderedV1, CopyOrderedV1, ErasureOrderedV1
from services.accounts.choosing import rules_of
from services.accounts.domain.ages import age_on, old_enough, youngest_born
from services.accounts.handlers.end_young_consents import END_YOUNG_CONSENTS
from tests.accounts.conftest import add_log_in
from tests.accounts.premises import NOON, Open

PROFILE, CHOICES = "/people/me/profile", "/people/me/choices"
WHOLE = {
    "gender": "x",
    "street": "Kaai 1 bus 2",
    "postal_code": "8400",
    "town": "Oostende",
    "country": "BE",
    "birth_date": "1984-02-29",
    "phone_fixed": "059 12 34 56",
}
YES = {"purpose": "newsletter", "state": "given"}


@pytest.fixture
async def me(accounts: Open, password_hash: str) -> Actor:
    found = await add_log_in(accounts, password_hash, "lien@bezoeker.example")
    await accounts.said()
    return found


async def keep(accounts: Open, me: Actor, **fields: Any) -> tuple[int, Any]:
    return await accounts.call("PUT", PROFILE, fields, me)


@pytest.mark.requirement("G-10")
@pytest.mark.requirement("W-41")
async def test_each_field_is_kept_and_emptied_by_itself_and_nothing_leaves_accounts(
    accounts: Open, me: Actor
) -> None:
    assert await accounts.call("GET", PROFILE, actor=me) == (200, dict.fromkeys(WHOLE))
    assert await keep(accounts, me, **WHOLE) == (200, WHOLE)
    for name in WHOLE:
        left = {key: value for key, value in WHOLE.items() if key != name}
        assert (await keep(accounts, me, **left))[0] == 200
        assert await accounts.call("GET", PROFILE, actor=me) == (200, {**WHOLE, name: None})
    assert await accounts.said() == []
    assert (await keep(accounts, me))[0] == 200
    assert await accounts.rows("SELECT FROM profile") == []


async def test_what_cannot_be_is_refused_kindly_and_strangers_have_no_profile(
    accounts: Open, me: Actor
) -> None:
    for born in ("2026-11-22", "1905-11-21"):
        status, problem = await keep(accounts, me, birth_date=born)
        assert (status, problem["type"]) == (422, "/problems/birth-date-impossible")
    for wrong in (
        {"gender": "q"},
        {"country": "Belgium"},
        {"phone_fixed": "no"},
        {"subject_id": str(uuid4())},
    ):
        assert (await keep(accounts, me, **wrong))[0] == 422
    status, problem = await keep(accounts, Actor(Role.VISITOR, uuid4()), town="Oostende")
    assert (status, problem["type"]) == (404, "/problems/person-unknown")
    assert (await accounts.call("GET", PROFILE, actor=Actor(Role.PRIVACY_OFFICER, uuid4())))[0] == 403
    assert await accounts.rows("SELECT FROM profile") == []


@pytest.mark.requirement("W-40")
@pytest.mark.requirement("W-42")
async def test_a_copy_has_it_and_an_erasure_takes_it(accounts: Open, me: Actor) -> None:
    await keep(accounts, me, **WHOLE)
    request = uuid4()
    await accounts.hear(CopyOrderedV1(subject=me.id, request=request))
    _, part = await accounts.call("GET", f"/copies/{request}", actor=me)
    (row,) = part["tables"]["profile"]["rows"]
    assert {name: row[name] for name in WHOLE} == WHOLE
    await accounts.hear(ErasureOrderedV1(subject=me.id, case=uuid4(), as_of=NOON))
    assert await accounts.rows("SELECT FROM profile") == []
    assert (await keep(accounts, me, town="Oostende"))[0] == 404


@pytest.mark.requirement("G-41")
async def test_seven_years_of_silence_take_it(accounts: Open, me: Actor) -> None:
    await keep(accounts, me, town="Oostende")
    await accounts.hear(AnonymisationOrderedV1(subject=me.id, sweep=uuid4(), as_of=NOON))
    assert await accounts.rows("SELECT FROM profile") == []


@pytest.mark.requirement("G-25")
async def test_who_says_they_are_twelve_consents_to_nothing_and_whoever_is_thirteen_may(
    accounts: Open, me: Actor
) -> None:
    assert (await accounts.call("POST", CHOICES, YES, me))[0] == 200
    await keep(accounts, me, birth_date="2013-11-22")
    await accounts.run_timer(END_YOUNG_CONSENTS)
    _, answer = await accounts.call("GET", CHOICES, actor=me)
    assert [one["state"] for one in answer["choices"]] == ["withdrawn"]
    (proof,) = await accounts.rows("SELECT wording, place FROM choice WHERE state = 'withdrawn'")
    assert dict(proof) == {"wording": "age.v1", "place": "age"}
    told = [event for event in await accounts.said() if isinstance(event, ChoiceSetV1)]
    assert [(one.state, one.version) for one in told] == [("given", 1), ("withdrawn", 2)]
    status, problem = await accounts.call("POST", CHOICES, YES, me)
    assert (status, problem["type"]) == (422, "/problems/consent-too-young")
    assert "13" in problem["title"]
    desk = {**YES, "asked_by": "phone", "case_number": "B-1"}
    officer = Actor(Role.PRIVACY_OFFICER, uuid4())
    assert (await accounts.call("POST", f"/people/{me.id}/choices", desk, officer))[0] == 422
    objection = {"purpose": "benefits", "state": "objected"}
    assert (await accounts.call("POST", CHOICES, objection, me))[0] == 200
    await keep(accounts, me, birth_date="2013-11-21")
    await accounts.run_timer(END_YOUNG_CONSENTS)
    assert (await accounts.call("POST", CHOICES, YES, me))[0] == 200


@pytest.mark.requirement("G-34")
async def test_a_box_that_a_child_ticked_at_checkout_becomes_a_no_in_every_gate(
    accounts: Open, me: Actor
) -> None:
    await keep(accounts, me, birth_date="2016-01-01")
    said = ChoiceMadeV1(
        subject=me.id,
        purpose="co_presentation_news",
        organisation=uuid4(),
        channel="email",
        state="given",
        wording="checkout.co_presentation_news.v2",
        language="nl",
        made_at=NOON,
    )
    await accounts.hear(said)
    (told,) = [event for event in await accounts.said() if isinstance(event, ChoiceSetV1)]
    assert (told.state, told.version) == ("refused", 1)


@pytest.mark.requirement("G-25")
def test_the_age_is_that_of_the_country() -> None:
    for country, age in (("BE", 13), ("NL", 16)):
        rules = rules_of(known_purposes().values(), known_countries()[country])
        assert rules["newsletter"].consent_age == rules["co_presentation_news"].consent_age == age
        assert rules["benefits"].consent_age == 0


@given(
    any_of.dates(date(1900, 1, 1), date(2100, 1, 1)),
    any_of.dates(date(2020, 1, 1), date(2100, 1, 1)),
    any_of.sampled_from((13, 16)),
)
def test_the_last_birthday_that_counts_is_the_one_by_which_the_young_are_found(
    born: date, today: date, age: int
) -> None:
    assert old_enough(born, today, age) == (born <= youngest_born(today, age))


def test_who_was_born_on_a_leap_day_grows_older_on_the_first_of_march() -> None:
    assert (age_on(date(2025, 2, 28), date(2012, 2, 29)), age_on(date(2025, 3, 1), date(2012, 2, 29))) == (
        12,
        13,
    )
    assert old_enough(None, date(2026, 1, 1), 16)
