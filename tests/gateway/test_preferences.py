"""The page of choices: one row for each purpose, and what pressing a switch asks for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.countries import known_countries
from contracts.accounts.api import Choice, Choices
from contracts.sharing.api import Disclosure, Disclosures
from services.gateway.declarations import read_declarations
from services.gateway.domain.preferences import Line, Row, rows_of
from services.gateway.rendering import Reader
from tests.gateway.plausible import NOW, ROOT, pages

TIJ, ZEE = UUID(int=7), UUID(int=8)
NEWS, DOOR = "co_presentation_news", "co_presentation_door_list"
OFFERED = read_declarations(ROOT, "BE").offered()


def made(purpose: str, state: str, organisation: UUID | None = None, **more: Any) -> Choice:
    name = None if organisation is None else "Tij & Taal"
    return Choice(
        id=UUID(int=1),
        purpose=purpose,
        organisation=organisation,
        organisation_name=name,
        channel="email",
        state=state,
        since=NOW,
        **more,
    )


def shown(*choices: Choice, told: bool = False) -> dict[str, Row]:
    one = Disclosure(recipient=ZEE, recipient_name="Aan Zee", allowed=(DOOR,), made_at=NOW)
    found = rows_of(OFFERED, Choices(choices=choices), Disclosures(disclosures=(one,) if told else ()))
    return {row.purpose: row for row in found}


def only(row: Row) -> Line:
    (line,) = row.lines
    return line


@pytest.mark.requirement("F-24")
def test_each_purpose_has_one_row_and_co_presenters_only_where_there_is_one() -> None:
    rows = shown()
    assert {"newsletter", "personal_tips", "benefits", "visit_counts", DOOR} <= set(rows)
    assert NEWS not in rows
    assert "ticket_sale" not in rows
    assert [line.name for line in shown(told=True)[NEWS].lines] == ["Aan Zee"]


@pytest.mark.requirement("F-24")
def test_a_consent_is_asked_by_channel_and_none_is_given_beforehand() -> None:
    rows = shown()
    assert [line.channel for line in rows["newsletter"].lines] == ["email", "phone", "post"]
    assert not any(line.on for line in rows["newsletter"].lines)
    assert [line.channel for line in rows["benefits"].lines] == list(
        known_countries()["BE"].soft_opt_in.channels
    )


@pytest.mark.requirement("G-60")
@pytest.mark.parametrize(
    ("purpose", "state", "on", "then"),
    [
        ("personal_tips", "given", True, "withdrawn"),
        ("personal_tips", "refused", False, "given"),
        ("personal_tips", "expired", False, "given"),
        ("personal_tips", "objected", False, "given"),
        ("benefits", "objected", False, "lifted"),
        ("benefits", "lifted", True, "objected"),
    ],
)
def test_a_switch_shows_the_choice_and_asks_for_its_opposite(
    purpose: str, state: str, on: bool, then: str
) -> None:
    line = only(shown(made(purpose, state))[purpose])
    assert (line.on, line.next) == (on, then)


@pytest.mark.requirement("W-45")
def test_who_said_no_to_all_co_presenters_says_yes_to_none_of_them_until_that_is_lifted() -> None:
    row = shown(made(DOOR, "objected"), made(DOOR, "lifted", TIJ))[DOOR]
    assert row.of_all is not None
    assert (row.of_all.on, row.of_all.next) == (False, "lifted")
    assert (only(row).on, only(row).next) == (False, None)
    news = shown(made(NEWS, "objected"), made(NEWS, "given", TIJ))[NEWS]
    assert news.of_all is not None
    assert (news.of_all.next, only(news).on) == ("lifted", False)
    again = shown(made(NEWS, "lifted"), made(NEWS, "given", TIJ))[NEWS]
    assert (again.of_all, only(again).on) == (None, True)


@pytest.mark.requirement("F-67")
def test_the_page_shows_what_is_said_by_a_switch_until_when_and_where_its_proof_is() -> None:
    given = made("newsletter", "given", expires_at=NOW + timedelta(days=730))
    rows = rows_of(OFFERED, Choices(choices=(given,)), Disclosures(disclosures=()))
    told = {"rows": rows, "saved": None, "problem": None, "chosen": True, "signal": False}
    page = pages().render("choices", Reader("en"), **told)
    assert "Yes, De Vloedlijn may send me the programme. I am 13 or older." in page
    assert 'value="preferences.newsletter.v1"' in page
    assert "A yes counts for 2\u00a0years" in page.replace("&nbsp;", "\u00a0")
    assert f"/my-choices/receipts/{given.id}" in page
    assert page.count('aria-checked="true"') == len([row for row in rows if row.gate == "objection"]) + 1
