"""What accounts decides, without a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from services.accounts.domain.attempts import may_try
from services.accounts.domain.choices import About, Rule, Standing, possible, version_after
from services.accounts.domain.people import Contact, Wish, correct

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
AN = Contact(uuid4(), "An Peters", "an@example.org", "+32 470 00 00 01", "nl", 3)


def about(purpose: str, organisation: UUID | None = None, channel: str = "email") -> About:
    return About(AN.subject, purpose, organisation, channel)


@pytest.mark.requirement("W-41")
def test_a_correction_counts_up_and_says_only_what_changed() -> None:
    corrected = correct(AN, Wish(name="An Peeters", email="an@example.org"))
    assert corrected is not None
    assert (corrected.contact.name, corrected.contact.version) == ("An Peeters", 4)
    assert (corrected.name, corrected.email, corrected.phone) == ("An Peeters", None, None)
    assert corrected.reaches_mail


def test_asking_for_what_is_there_changes_nothing() -> None:
    assert correct(AN, Wish()) is None
    assert correct(AN, Wish(name=AN.name, email=AN.email, phone=AN.phone)) is None


def test_a_phone_number_can_be_taken_away_and_then_only_once() -> None:
    corrected = correct(AN, Wish(phone="+32 470 99 99 99", remove_phone=True))
    assert corrected is not None
    assert corrected.contact.phone is None
    assert corrected.phone_removed
    assert not corrected.reaches_mail
    assert correct(corrected.contact, Wish(remove_phone=True)) is None


@pytest.mark.requirement("W-45")
@pytest.mark.parametrize(
    ("gate", "state", "fits"),
    [
        ("consent", "given", True),
        ("consent", "withdrawn", True),
        ("consent", "objected", True),
        ("consent", "lifted", True),
        ("objection", "objected", True),
        ("objection", "lifted", True),
        ("objection", "given", False),
        ("none", "objected", False),
    ],
)
def test_each_purpose_knows_its_own_choices(gate: str, state: str, fits: bool) -> None:
    rules = {"x": Rule(gate)}
    assert isinstance(possible(rules, about("x"), state), Accepted if fits else Refused)
    assert possible(rules, about("unknown"), state) == Refused("choice-not-possible")
    if state == "given":
        assert possible(rules, about("x", channel="phone"), state) == Refused("choice-not-possible")


@pytest.mark.requirement("G-34")
def test_a_consent_for_co_presenters_names_one_and_an_objection_may_be_to_all() -> None:
    rules, news = {"co_presentation_news": Rule("consent")}, "co_presentation_news"

    assert possible(rules, about(news), "given") == Refused("choice-not-possible")
    assert isinstance(possible(rules, about(news, uuid4()), "given"), Accepted)
    assert isinstance(possible(rules, about(news), "objected"), Accepted)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_whatever_the_order_of_arrival_the_last_word_of_the_person_stands(minutes: list[int]) -> None:
    standing: Standing | None = None
    versions = []
    for minute in minutes:
        made_at = NOON + timedelta(minutes=minute)
        version = version_after(standing, made_at)
        if version:
            versions.append(version)
            standing = Standing("given", version, made_at)
    assert standing is not None
    assert standing.made_at == NOON + timedelta(minutes=max(minutes))
    assert versions == list(range(1, len(versions) + 1))


def test_the_last_allowed_try_is_checked_and_the_next_is_not() -> None:
    window = timedelta(minutes=15)
    assert may_try(10, 10, window) == Accepted(None)
    assert may_try(11, 10, window) == Refused("too-many-attempts", {"retry_after": 900})
