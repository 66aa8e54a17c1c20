"""The form in which somebody says what an organisation is: what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from babel import Locale
from pydantic import ValidationError

from contracts.accounts.organisations import Facts, Organisation
from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.entrypoints.pages.incoming import fields_of
from services.gateway.entrypoints.pages.invoice import NEAR
from services.gateway.neighbours.declined import Declined

WHERE = ("street", "postal_code", "town", "country", "phone")
WORDS = ("organisation", "legal_name", "registration", *WHERE, "iban")
PRODUCTS = ("tickets", "own_page", "counter", "door", "sharing")
LONGEST = 254
BESIDE = {"iban-wrong": "iban", "registration-wrong": "registration"}
"""Refusals that are about one field."""
Errors = list[dict[str, str]]
M = TypeVar("M", bound=Facts)


@dataclass(frozen=True)
class Typed:
    """What stands in the form, by field."""

    words: Mapping[str, str]
    products: tuple[str, ...]

    def said(self, model: type[M]) -> M:
        """The same as a contract; ValidationError where it is none."""
        words = {_own_name(name): value for name, value in self.words.items() if value}
        return model.model_validate({**words, "products": self.products})


async def typed_in(request: web.Request) -> Typed:
    """What was sent; fields that the form does not have are left out."""
    fields = await fields_of(request)
    words = {name: value.strip()[:LONGEST] for name, value in fields if name in WORDS}
    return Typed(words, tuple(value for name, value in fields if name == "products" and value in PRODUCTS))


def standing_in(organisation: Organisation | None) -> Typed:
    """What the form shows before anything was typed; the account for pay-outs is not repeated."""
    facts = organisation.facts if organisation else None
    if facts is None:
        return Typed({"organisation": organisation.name} if organisation else {}, ("tickets",))
    words = {name: str(getattr(facts, _own_name(name))) for name in WORDS if name != "iban"}
    return Typed(words, tuple(one for one in PRODUCTS if one in facts.products))


def wrong(frame: Frame, request: web.Request, error: ValidationError, model: type[Facts]) -> Errors:
    """What is wrong with what was typed, beside its fields."""
    return [{**one, "field": _shown_name(one["field"])} for one in frame.wrong_fields(request, error, model)]


def refused(frame: Frame, request: web.Request, declined: Declined) -> Errors:
    """A refusal of accounts, beside the field that it is about."""
    field = BESIDE.get(declined.slug, "")
    told = frame.refused_fields(request, declined)
    return [{**one, "field": _shown_name(one["field"]) or field} for one in told]


def countries(language: str) -> list[tuple[str, str]]:
    """Countries of the Union and next door, by name."""
    names = Locale.parse(language).territories
    return sorted(((code, names[code]) for code in NEAR.split()), key=lambda one: one[1])


def _own_name(field: str) -> str:
    """On all other pages "name" is a person's, so the form has a field of its own."""
    return "name" if field == "organisation" else field


def _shown_name(field: str) -> str:
    return "organisation" if field == "name" else field
