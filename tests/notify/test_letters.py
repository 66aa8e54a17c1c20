"""Letters: three languages, two parts, nothing fetched from elsewhere."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chassis.speech import MissingText
from contracts.orders.events import IssuedTicket
from contracts.texts import Text
from services.notify.letters import render

FILES = tomllib.loads((Path(__file__).parents[2] / "deploy" / "house.toml").read_text(encoding="utf-8"))
LINK = "https://tickets.devloedlijn.example/l/abc"
TEMPLATES = ("tickets", "payment_failed", "erased")
OWN_PEOPLE = {"tickets.devloedlijn.example", "devloedlijn.example"}


def context(**changes: Any) -> dict[str, Any]:
    ticket = IssuedTicket(
        ticket=UUID(int=1),
        code="AVK1.x",
        seat="C4",
        price=Text(nl="Basis", fr="Plein tarif", en="Standard"),
        cents=1800,
        vat_basis_points=600,
    )
    return {
        "files": FILES,
        "name": "Jo <b>Claes</b>",
        "number": "V26-7K2M",
        "order": UUID(int=7),
        "title": "Zout & zand",
        "hall": "Grote Zaal",
        "doors_at": datetime(2026, 12, 3, 18, 15, tzinfo=UTC),
        "starts_at": datetime(2026, 12, 3, 19, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 3, 20, 40, tzinfo=UTC),
        "tickets": (ticket,),
        "total_cents": 1800,
        "link": LINK,
        "co_presenters": ("Festival Kantelpunt",),
    } | changes


def test_the_subject_is_in_the_language_of_the_reader() -> None:
    subjects = {language: render("tickets", language, context()).subject for language in ("nl", "fr", "en")}
    assert subjects == {
        "nl": "Je tickets voor Zout & zand",
        "fr": "Vos billets pour Zout & zand",
        "en": "Your tickets for Zout & zand",
    }


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_letter_fetches_nothing_and_names_no_outside_host(template: str, language: str) -> None:
    letter = render(template, language, context())
    assert not re.search(r"<(img|script|iframe|link)\b|url\(|@import", letter.html)
    hosts = set(re.findall(r"""(?:href|src)=["']https?://([^/"']+)""", letter.html))
    assert hosts <= OWN_PEOPLE
    assert set(re.findall(r"https?://([^/\s]+)", letter.text)) <= OWN_PEOPLE


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_both_parts_say_the_same_facts(language: str) -> None:
    letter = render("tickets", language, context())
    for fact in ("C4", "V26-7K2M", "Grote Zaal", "Zeedijk 12", "Festival Kantelpunt", LINK):
        assert fact in letter.text
        assert fact in letter.html


def test_a_name_is_text_never_markup() -> None:
    letter = render("tickets", "nl", context())
    assert "<b>Claes" not in letter.html
    assert "Jo <b>Claes</b>" in letter.text


def test_a_subject_is_one_line() -> None:
    assert "\n" not in render("tickets", "nl", context(title="Zout\r\nBcc: x@y.example")).subject


@pytest.mark.requirement("G-63")
def test_the_last_letter_says_that_it_is_the_last() -> None:
    assert "laatste mail" in render("erased", "nl", context()).text
    assert "dernier e-mail" in render("erased", "fr", context()).text
    assert "last e-mail" in render("erased", "en", context()).text


def test_a_letter_without_one_of_its_values_is_not_written() -> None:
    lacking = {key: value for key, value in context().items() if key != "total_cents"}
    with pytest.raises(Exception, match="total_cents"):
        render("tickets", "nl", lacking)


def test_a_text_that_no_catalogue_has_is_an_error() -> None:
    from services.notify.letters import _catalogues

    with pytest.raises(MissingText):
        _catalogues()["nl"].text("tickets.nothing_of_the_kind")
