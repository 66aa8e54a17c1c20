"""What people are asked when they choose, by version and language, from contracts/wordings.toml (F-67)."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.charter_words import DeclarationError, sentence
from chassis.purposes import known_purposes
from contracts.texts import Text

WORDINGS = Path(__file__).parents[1] / "contracts" / "wordings.toml"
NAMED = re.compile(r"^(?P<stem>[a-z0-9_]+(\.[a-z0-9_]+)*)\.v(?P<version>[1-9][0-9]*)$")
AGE = "{age}"
Asks = Literal["consent", "objection", "notice"]


class Wording(BaseModel):
    """One wording: `text` is what somebody says by ticking or switching, `about` what stands before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    purposes: tuple[str, ...] = Field(min_length=1)
    asks: Asks
    about: Text
    text: Text
    retired: bool = False

    @property
    def version(self) -> int:
        """The version that the id ends with."""
        found = NAMED.match(self.id)
        assert found is not None, "a wording without a version was refused when it was read"
        return int(found["version"])

    @property
    def digest(self) -> str:
        """The SHA-256 of what people read, in hexadecimal: it never changes."""
        read = self.about.model_dump_json() + self.text.model_dump_json()
        return hashlib.sha256(read.encode()).hexdigest()

    def said(self, language: str, **facts: object) -> str:
        """The whole of it in a language, with the names and the age filled in."""
        parts = (self.about.in_language(language), self.text.in_language(language))
        return " ".join(parts).format(**facts)


def read_wordings(path: Path) -> dict[str, Wording]:
    """Every wording by id; DeclarationError with a sentence for each that cannot be true."""
    found, faults = {}, []
    place = f"contracts/{path.name}"
    for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        try:
            wording = Wording.model_validate({"id": name, **entry})
        except ValidationError as refused:
            faults += [sentence(f"{place}: [{name}]", error) for error in refused.errors()]
            continue
        found[name] = wording
        faults += [f"{place}: [{name}] {fault}" for fault in _impossible(wording)]
    if faults:
        raise DeclarationError(*faults)
    return found


def _impossible(wording: Wording) -> Iterator[str]:
    if not NAMED.match(wording.id):
        yield "has no version at the end of its name"
    for unknown in sorted(set(wording.purposes) - set(known_purposes())):
        yield f"is about {unknown}, which contracts/purposes.toml does not explain"
    gates = {known_purposes()[name].gate for name in wording.purposes if name in known_purposes()}
    if wording.asks != "notice" and gates != {wording.asks}:
        yield f"asks for {wording.asks} where that is not what decides"
    spoken = (wording.text.nl, wording.text.fr, wording.text.en)
    if wording.asks == "consent" and not wording.retired and any(AGE not in one for one in spoken):
        yield "asks for consent and not whether somebody is old enough for it (Art. 8)"


@cache
def known_wordings() -> Mapping[str, Wording]:
    """Every wording of the house by id, retired ones included: they prove what was once shown."""
    return read_wordings(WORDINGS)


def fits(wording: str, purpose: str, state: str) -> bool:
    """Whether a choice for this purpose may point at this wording: it was asked there, and asks still.

    A consent needs one that asks for it; to take something back, any that speaks of the purpose will do.
    """
    known = known_wordings().get(wording)
    if known is None or known.retired or purpose not in known.purposes:
        return False
    return known.asks == "consent" or state != "given"


def newest(stem: str) -> Wording:
    """The wording of this name that asks today; KeyError where there is none."""
    found = _asking().get(stem)
    if found is None:
        raise KeyError(stem)
    return found


def of_the_page(purpose: str) -> Wording | None:
    """How the page of choices asks about a purpose, or None where it does not."""
    return _asking().get(f"preferences.{purpose}")


@cache
def _asking() -> Mapping[str, Wording]:
    """By name, the newest version that still asks."""
    asking = (one for one in known_wordings().values() if not one.retired)
    return {one.id.rpartition(".v")[0]: one for one in sorted(asking, key=lambda one: one.version)}
