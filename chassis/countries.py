"""The rules of the countries in which a house can stand, from contracts/countries.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from chassis.charter_words import DeclarationError, sentence
from contracts.texts import Text

COUNTRIES = Path(__file__).parents[1] / "contracts" / "countries.toml"
Term = Annotated[str, StringConstraints(pattern=r"^P\d+[YMWD]$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SoftOptIn(_Part):
    """When a seller may mail its own customers without consent (Directive 2002/58, art. 13(2))."""

    channels: tuple[str, ...] = Field(min_length=1)
    address_from: str
    content: str
    objection_offered: tuple[str, ...] = Field(min_length=1)
    co_presenter_may_use: bool


class Country(_Part):
    """One country's rules; `books` and `recordings_at_most` are ISO 8601 durations, `consent_age` years."""

    name: Text
    consent_age: int = Field(ge=13, le=16)
    books: Term
    books_from: str
    recordings_at_most: Term
    soft_opt_in: SoftOptIn


def read_countries(path: Path) -> dict[str, Country]:
    """Every country by its ISO 3166 code; DeclarationError with a sentence for each fault."""
    found, faults = {}, []
    for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        try:
            found[code] = Country.model_validate(entry)
        except ValidationError as refused:
            place = f"contracts/{path.name}: [{code}]"
            faults += [sentence(place, error) for error in refused.errors()]
    if faults:
        raise DeclarationError(*faults)
    return found


@cache
def known_countries() -> Mapping[str, Country]:
    """Every country whose rules this house knows."""
    return read_countries(COUNTRIES)
