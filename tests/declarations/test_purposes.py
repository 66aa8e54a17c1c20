"""The purposes of the house: every promised one is there, and one that cannot be true names its place."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from chassis.charter_words import DeclarationError
from chassis.countries import COUNTRIES, known_countries, read_countries
from chassis.purposes import PURPOSES, KnownPurpose, known_purposes, read_purposes

ROOT = Path(__file__).parents[2]
PROMISED = {
    *(f"G-{number}" for number in range(20, 35)),
    *(f"W-{number:02d}" for number in range(4, 11)),
    "X-03",
}
CONTRACT = 'basis = "contract"\narticle = "6(1)(b)"\ngdpr = "gdpr:A6-1-b"'
CONSENT = 'basis = "consent"\narticle = "6(1)(a)"\ngdpr = "gdpr:A6-1-a"'
Altered = Callable[[str, str], dict[str, KnownPurpose]]


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """purposes.toml with one passage replaced."""

    def read(old: str, new: str) -> dict[str, KnownPurpose]:
        text = PURPOSES.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "purposes.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_purposes(path, known_countries().keys())

    return read


@pytest.mark.requirement("W-11")
def test_every_promised_purpose_is_declared() -> None:
    named = {one for purpose in known_purposes().values() for one in purpose.requirements}
    assert named >= PROMISED


@pytest.mark.requirement("X-03")
def test_the_houses_own_purposes_are_all_there() -> None:
    assert {"account", "wish_list", "contest", "survey", "rights", "security"} <= known_purposes().keys()


@pytest.mark.requirement("W-07")
def test_a_legal_duty_rests_on_the_law_of_each_country() -> None:
    books = known_purposes()["bookkeeping"]
    assert "Btw-wetboek" in books.ground("BE").law
    assert "rijksbelastingen" in books.ground("NL").law
    assert known_countries()["BE"].books == "P10Y"
    assert known_countries()["NL"].books == "P7Y"


@pytest.mark.requirement("G-34")
def test_who_did_not_sell_mails_nobody_without_consent() -> None:
    assert known_purposes()["co_presentation_news"].soft_opt_in == "never"
    assert not any(country.soft_opt_in.co_presenter_may_use for country in known_countries().values())
    assert {code: one.consent_age for code, one in known_countries().items()} == {"BE": 13, "NL": 16}


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('basis = "contract"', 'basis = "curiosity"', "[ticket_sale]: [basis] Input should be"),
        ('article = "6(1)(b)"', 'article = "6(1)(a)"', "names article 6(1)(a) instead of 6(1)(b)"),
        ('gdpr:A6-1-b-contract-performance"', 'gdpr:A6-1-f"', "names gdpr:A6-1-f instead of gdpr:A6-1-b"),
        (
            'gate = "consent"\nsoft_opt_in',
            'gate = "none"\nsoft_opt_in',
            "[newsletter] in BE rests on consent and",
        ),
        (
            'gate = "none"',
            'gate = "objection"',
            "[ticket_sale] stops at an objection and yet rests on contract",
        ),
        ('data = ["name"', 'data = ["aura"', "[ticket_sale]: [data.0"),
        ('data = ["name", "email"', 'data = ["name", "name"', "[ticket_sale] names a category of data twice"),
        ('soft_opt_in = "possible"\n', "", "[newsletter] is direct marketing on consent and does not say"),
        ('law = { EU = "GDPR 12 to 22" }\n', "", "[rights] in BE rests on a legal duty and names no law"),
        (
            'NL = "Burgerlijk',
            'LU = "Burgerlijk',
            "[bookkeeping] in NL rests on a legal duty and names no law",
        ),
        ('title = { nl = "Tickets verkopen",', "title = {", "[ticket_sale]: [title.nl] Field required"),
        ('requirements = ["G-20"', 'requirements = ["G20"', "[ticket_sale]: [requirements.0] String should"),
        ("dpv:SellProductsToDataSubject", "SellThings", "[ticket_sale]: [dpv.0] String should match"),
        ("[ticket_sale]", "[ticket_sale", "contracts/purposes.toml: is not TOML"),
        (
            "[counter_sale]",
            f"[ticket_sale.country.FR]\n{CONTRACT}\n[counter_sale]",
            "[ticket_sale] speaks of FR, a country whose rules are not in contracts/countries.toml",
        ),
        (
            "[counter_sale]",
            f"[ticket_sale.country.NL]\n{CONSENT}\n[counter_sale]",
            "[ticket_sale] in NL rests on consent and has no consent gate",
        ),
    ],
)
def test_a_purpose_that_cannot_be_true_is_named_with_its_place(
    altered: Altered, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        altered(old, new)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("contracts/purposes.toml: ")


def test_a_country_with_an_impossible_rule_is_named(tmp_path: Path) -> None:
    path = tmp_path / "countries.toml"
    path.write_text(COUNTRIES.read_text(encoding="utf-8").replace("consent_age = 13", "consent_age = 12"))
    with pytest.raises(DeclarationError, match=r"contracts/countries.toml: \[BE\]: \[consent_age\]"):
        read_countries(path)


def test_the_house_stands_in_a_country_whose_rules_are_known() -> None:
    house = tomllib.loads((ROOT / "deploy" / "house.toml").read_text(encoding="utf-8"))
    assert house["house"]["country"] in known_countries()
