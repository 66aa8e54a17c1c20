"""Consents and objections: which are possible, which one counts, how long (G-60, W-45, Art. 7 and 21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.decision import Accepted, Refused

POSSIBLE: Mapping[str, frozenset[str]] = {
    # Direct marketing rests on consent here; the right to object to it is absolute all the same (Art. 21(3)).
    # Whoever objected to all co-presenters and lifts that has still consented to nobody.
    "consent": frozenset({"given", "refused", "withdrawn", "objected", "lifted"}),
    "objection": frozenset({"objected", "lifted"}),
}
OF_CO_PRESENTERS = "co_presentation_"
"""How the ids of purposes begin that serve an organisation beside the house."""
PARTIES = {
    "checkout": "person",
    "my_data": "person",
    "unsubscribe": "person",
    "browser": "browser",
    "letter": "staff",
    "mail": "staff",
    "phone": "staff",
    "counter": "staff",
    "term": "house",
    "age": "house",
    "decision": "house",
}
"""Who said it, by the place where it was said: staff write down what the person asked for (G-64)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one purpose knows: its gate, and of a consent the channels, how long it counts, from which age."""

    gate: str
    channels: tuple[str, ...] = ("email",)
    lasts: str | None = None
    gpc: bool = False
    weighed: bool = False
    consent_age: int = 0


Rules = Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class About:
    """What a choice is about: one person may choose apart per purpose, organisation and channel."""

    subject: UUID
    purpose: str
    organisation: UUID | None
    channel: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How a choice was made: wording id, language, place and moment; the case where staff wrote it (F-67)."""

    wording: str
    language: str
    place: str
    made_at: datetime
    case_number: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The choice that counts now."""

    state: str
    version: int
    made_at: datetime
    expires_at: datetime | None = None
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Record:
    """One choice as it was kept."""

    id: UUID
    subject_id: UUID
    purpose: str
    organisation_id: UUID | None
    organisation_name: str | None
    channel: str
    state: str
    version: int
    wording: str
    language: str
    place: str
    made_at: datetime
    expires_at: datetime | None
    case_number: str | None


def possible(rules: Rules, about: About, state: str) -> Accepted[None] | Refused:
    """Whether this purpose knows this choice.

    A consent for co-presenters names one: nobody consents to whoever may come (Art. 4(11)). An objection may
    be to all of them, and to a channel that nobody uses.
    """
    rule = rules.get(about.purpose, Rule("none"))
    unnamed = about.organisation is None and about.purpose.startswith(OF_CO_PRESENTERS)
    unreachable = about.channel not in rule.channels
    if state not in POSSIBLE.get(rule.gate, frozenset()) or (state == "given" and (unnamed or unreachable)):
        return Refused("choice-not-possible")
    return Accepted(None)


def version_after(standing: Standing | None, made_at: datetime) -> int:
    """The version of a choice made at that moment: the next one, from 1.

    0 where a later choice stands already: events may overtake each other, and the person's last word counts.
    """
    if standing is None:
        return 1
    return standing.version + 1 if made_at >= standing.made_at else 0


def ran_out(standing: Standing | None, now: datetime) -> bool:
    """Whether what stands is a consent whose time is over."""
    if standing is None or standing.expires_at is None:
        return False
    return standing.state == "given" and standing.expires_at <= now


def to_signal(rules: Rules) -> tuple[str, ...]:
    """What a browser's signal objects to: analytics and data for others."""
    return tuple(sorted(name for name, rule in rules.items() if rule.gpc))
