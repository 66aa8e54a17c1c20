"""Who outside the house can get data: a closed list of kinds, and who they are here (G-50, W-31, W-33)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.charter_words import DeclarationError, sentence
from chassis.purposes import EVERYTHING, Data, known_purposes
from contracts.texts import Text

KINDS = Path(__file__).parents[1] / "contracts" / "recipients.toml"
BY_AGREEMENT = "co_presenter"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RecipientKind(_Part):
    """One kind of recipient, and the categories it may get at most."""

    requirements: tuple[str, ...] = Field(min_length=1)
    may_receive: tuple[Data, ...]
    stands_as: Literal["processor", "controller", "by_agreement"]
    title: Text


class Recipient(_Part):
    """Who gets data in this house: `receives` are categories, `fields` the exact words on the wire.

    `handed_by` are the services that hand something over; `*` is every one.
    """

    id: str
    kind: str
    name: str
    country: str
    role: Text
    gets: Text
    receives: tuple[Data, ...]
    fields: tuple[str, ...] = ()
    purposes: tuple[str, ...] = Field(min_length=1)
    handed_by: tuple[str, ...] = Field(min_length=1)


@cache
def recipient_kinds() -> Mapping[str, RecipientKind]:
    """Every kind of recipient that exists, by id; DeclarationError where one cannot be true."""
    raw = tomllib.loads(KINDS.read_text(encoding="utf-8"))
    return {name: RecipientKind.model_validate(entry) for name, entry in raw.items()}


def read_recipients(house: Mapping[str, Any]) -> tuple[Recipient, ...]:
    """The recipients of deploy/house.toml; DeclarationError with a sentence for each that goes too far."""
    found, faults = [], []
    for entry in house.get("recipient", ()):
        place = f"deploy/house.toml: [recipient {entry.get('id', '?')}]"
        try:
            one = Recipient.model_validate(entry)
        except ValidationError as refused:
            faults += [sentence(place, error) for error in refused.errors()]
            continue
        found.append(one)
        faults += [f"{place} {fault}" for fault in _too_far(one)]
    if faults:
        raise DeclarationError(*faults)
    return tuple(found)


def _too_far(recipient: Recipient) -> list[str]:
    kind = recipient_kinds().get(recipient.kind)
    if kind is None:
        return [f"is a {recipient.kind}, which the closed list of contracts/recipients.toml does not have"]
    if kind.stands_as == "by_agreement":
        return [f"is a {recipient.kind}: those follow from agreements in force, not from this file"]
    unknown = sorted(set(recipient.purposes) - set(known_purposes()))
    faults = [f"serves {purpose}, which is not in contracts/purposes.toml" for purpose in unknown]
    if EVERYTHING not in kind.may_receive:
        more = sorted(set(recipient.receives) - set(kind.may_receive))
        faults += [f"receives {one}, which a {recipient.kind} may not" for one in more]
    return faults
