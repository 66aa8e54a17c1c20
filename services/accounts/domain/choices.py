"""Consents and objections: which are possible, and which one counts (G-60, W-45, Art. 7 and 21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.decision import Accepted, Refused

POSSIBLE: Mapping[str, frozenset[str]] = {
    # Direct marketing rests on consent here; the right to object to it is absolute all the same (Art. 21(3)).
    "consent": frozenset({"given", "refused", "withdrawn", "objected"}),
    "objection": frozenset({"objected", "lifted"}),
}

OF_CO_PRESENTERS = "co_presentation_"
"""How the ids of purposes begin that serve an organisation beside the house."""


@dataclass(frozen=True, slots=True)
class About:
    """What a choice is about: one person may choose apart per purpose, organisation and channel."""

    subject: UUID
    purpose: str
    organisation: UUID | None
    channel: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How a choice was made: wording id, language, place and moment (F-67)."""

    wording: str
    language: str
    place: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The choice that counts now."""

    state: str
    version: int
    made_at: datetime


def possible(
    gates: Mapping[str, str], purpose: str, organisation: UUID | None, state: str
) -> Accepted[None] | Refused:
    """Whether this purpose knows this choice; `gates` says consent, objection or none per purpose.

    A consent for co-presenters names one: nobody consents to whoever may come (Art. 4(11)). An objection may
    be to all of them.
    """
    unnamed = organisation is None and state == "given" and purpose.startswith(OF_CO_PRESENTERS)
    if unnamed or state not in POSSIBLE.get(gates.get(purpose, "none"), frozenset()):
        return Refused("choice-not-possible")
    return Accepted(None)


def version_after(standing: Standing | None, made_at: datetime) -> int:
    """The version of a choice made at that moment: the next one, from 1.

    0 where a later choice stands already: events may overtake each other, and the person's last word counts.
    """
    if standing is None:
        return 1
    return standing.version + 1 if made_at >= standing.made_at else 0
