"""The purposes of this house: why, on which basis, for which data; what cannot be true fails."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from chassis.charter_words import DeclarationError, sentence
from chassis.countries import Country, known_countries
from contracts.personal import Category
from contracts.texts import Text

PURPOSES = Path(__file__).parents[1] / "contracts" / "purposes.toml"
LEGAL_DUTY = "legal_duty"
EVERYTHING = "*"
UNION = "EU"
ARTICLES = {
    "contract": "6(1)(b)",
    "consent": "6(1)(a)",
    "legitimate_interest": "6(1)(f)",
    LEGAL_DUTY: "6(1)(c)",
}
"""The four bases (W-11) and their articles of the GDPR."""
MARKETING = "dpv:DirectMarketing"
OF_CO_PRESENTERS = "co_presentation_"
"""How the ids of purposes begin that serve an organisation beside the house."""
CHANNELS = {"email": Category.EMAIL, "phone": Category.PHONE, "post": Category.ADDRESS}
"""The ways to reach somebody, and what each needs."""
Basis = Literal["contract", "consent", "legitimate_interest", "legal_duty"]
Subject = Literal["visitor", "organiser", "staff"]
Data = Category | Literal["*"]
Term = Annotated[str, StringConstraints(pattern=r"^dpv:[A-Z][A-Za-z]+$")]
Lasting = Annotated[str, StringConstraints(pattern=r"^P\d+[YMWD]$")]
Requirement = Annotated[str, StringConstraints(pattern=r"^[FGWX]-\d{2}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ground(_Part):
    """A legal basis: one of four, its article, its IRI, and the law that a legal duty comes from."""

    basis: Basis
    article: str
    gdpr: str
    law: str = ""


class KnownPurpose(_Part):
    """One purpose as contracts/purposes.toml explains it; `ground(country)` is its legal basis somewhere."""

    id: str
    basis: Basis
    article: str
    gdpr: str
    law: dict[str, str] = Field(default_factory=dict)
    dpv: tuple[Term, ...] = Field(min_length=1)
    gate: Literal["none", "objection", "consent"]
    survives_restriction: bool = False
    soft_opt_in: Literal["possible", "never"] | None = None
    consent_lasts: Lasting | None = None
    gpc: bool = False
    hides_protected: bool = False
    weighed: bool = False
    for_organisers: bool = False
    data: tuple[Data, ...]
    subjects: tuple[Subject, ...] = Field(min_length=1)
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    title: Text
    why: Text
    country: dict[str, Ground] = Field(default_factory=dict)

    def covers(self, category: Category) -> bool:
        """Whether this purpose may take data of a category; the random subject id goes with everything."""
        return category is Category.SUBJECT or EVERYTHING in self.data or category in self.data

    @property
    def is_marketing(self) -> bool:
        """Whether this is direct marketing: an objection to it always wins, at once (Art. 21(3))."""
        return MARKETING in self.dpv

    @property
    def serves_co_presenters(self) -> bool:
        """Whether organisations beside the house use data for this."""
        return self.id.startswith(OF_CO_PRESENTERS)

    def channels(self, rules: Country) -> tuple[str, ...]:
        """By which ways people may be reached for this; `email` where it makes no difference.

        Marketing without consent goes by the channels of the soft opt-in only.
        """
        reaching = [way for way, category in CHANNELS.items() if category in self.data]
        if self.is_marketing and self.gate != "consent":
            reaching = [way for way in reaching if way in rules.soft_opt_in.channels]
        return tuple(reaching) or ("email",)

    def ground(self, country: str) -> Ground:
        """The legal basis in a country, with the law where a duty rests on one."""
        law = self.law.get(country) or self.law.get(UNION, "")
        own = self.country.get(country)
        return own or Ground(basis=self.basis, article=self.article, gdpr=self.gdpr, law=law)


def read_purposes(path: Path, countries: Collection[str]) -> dict[str, KnownPurpose]:
    """Every purpose by id; DeclarationError with a sentence for each thing that cannot be true."""
    place = f"contracts/{path.name}"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise DeclarationError(f"{place}: is not TOML: {fault}") from None
    found, faults = {}, []
    for name, entry in raw.items():
        purpose, wrong = _one(place, name, entry)
        faults += wrong
        if purpose is not None:
            found[name] = purpose
            faults += [f"{place}: [{name}] {fault}" for fault in _impossible(purpose, countries)]
    if faults:
        raise DeclarationError(*faults)
    return found


def _one(place: str, name: str, entry: Any) -> tuple[KnownPurpose | None, list[str]]:
    try:
        return KnownPurpose.model_validate({"id": name, **entry}), []
    except ValidationError as refused:
        return None, [sentence(f"{place}: [{name}]", error) for error in refused.errors()]


def _impossible(purpose: KnownPurpose, countries: Collection[str]) -> Iterator[str]:
    for code in sorted(set(purpose.country) - set(countries)):
        yield f"speaks of {code}, a country whose rules are not in contracts/countries.toml"
    for code in sorted(countries):
        yield from (f"in {code} {fault}" for fault in _ground_faults(purpose, purpose.ground(code)))
        yield from (f"in {code} {fault}" for fault in _co_presenter_faults(purpose, code))
    if purpose.gate == "objection" and purpose.basis != "legitimate_interest":
        yield f"stops at an objection and yet rests on {purpose.basis}; Art. 21(1) is for legitimate interest"
    yield from _choice_faults(purpose)
    if purpose.serves_co_presenters and not purpose.hides_protected:
        yield "serves co-presenters and does not hide whoever is protected (F-70)"
    if len(set(purpose.data)) != len(purpose.data):
        yield "names a category of data twice"


def _choice_faults(purpose: KnownPurpose) -> Iterator[str]:
    waits = purpose.gate == "consent"
    if waits and purpose.soft_opt_in is None and purpose.is_marketing:
        yield "is direct marketing on consent and does not say whether the soft opt-in could replace it"
    if purpose.is_marketing and not waits and purpose.soft_opt_in != "possible":
        yield "is direct marketing without consent, which only the soft opt-in allows"
    if waits != (purpose.consent_lasts is not None):
        yield "says how long a consent lasts exactly where it waits for one"
    if purpose.weighed and (purpose.gate != "objection" or purpose.is_marketing):
        yield "weighs objections that always win, or that do not exist (Art. 21(3))"
    if purpose.gpc and purpose.gate == "none":
        yield "stops at the signal of a browser and knows no objection"


def _ground_faults(purpose: KnownPurpose, ground: Ground) -> Iterator[str]:
    article = ARTICLES[ground.basis]
    if ground.article != article:
        yield f"rests on {ground.basis} and names article {ground.article} instead of {article}"
    iri = "gdpr:A" + article.replace(")(", "-").replace("(", "-").replace(")", "")
    if ground.gdpr != iri and not ground.gdpr.startswith(f"{iri}-"):
        yield f"rests on {ground.basis} and names {ground.gdpr} instead of {iri}"
    if (ground.basis == "consent") and purpose.gate != "consent":
        yield "rests on consent and has no consent gate, so nobody would wait for it (Art. 7)"
    if ground.basis == LEGAL_DUTY and not ground.law:
        yield "rests on a legal duty and names no law that asks for it (Art. 6(3))"


def _co_presenter_faults(purpose: KnownPurpose, code: str) -> Iterator[str]:
    """Who did not sell has no customer, so that the soft opt-in is not theirs (G-34)."""
    marketing = purpose.is_marketing and purpose.serves_co_presenters and purpose.gate != "consent"
    if marketing and not known_countries()[code].soft_opt_in.co_presenter_may_use:
        yield "mails for co-presenters without consent, and the soft opt-in is the seller's only"


@cache
def known_purposes() -> Mapping[str, KnownPurpose]:
    """Every purpose of the house by id."""
    return read_purposes(PURPOSES, known_countries().keys())


def outlast_restriction(purposes: Collection[str]) -> bool:
    """Whether all of these go on while a person is restricted, so that nobody is hidden (Art. 18)."""
    known = known_purposes()
    return all(purpose in known and known[purpose].survives_restriction for purpose in purposes)


def is_legal_duty(purpose: str) -> bool:
    """Whether the law itself asks for this purpose, so that erasure stops before it (Art. 17(3)(b))."""
    return known_purposes()[purpose].basis == LEGAL_DUTY
