"""What a person can choose: a row for each purpose, by organisation and channel (G-60, F-24)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal
from uuid import UUID

from contracts.accounts.api import Choice, Choices
from contracts.sharing.api import Disclosures
from contracts.texts import Text

Gate = Literal["none", "consent", "objection"]
Next = Literal["given", "withdrawn", "objected", "lifted"]
CO_PRESENTERS = "co_presentation_"
EMAIL = "email"


@dataclass(frozen=True)
class Asked:
    """The wording that stands beside a switch, by its id: what happens, and what pressing it says."""

    id: str
    about: Text
    text: Text


@dataclass(frozen=True)
class Offered:
    """What the page asks about one purpose: its gate, by which channels it reaches people, in which words."""

    purpose: str
    gate: Gate
    channels: tuple[str, ...]
    asked: Asked


@dataclass(frozen=True)
class Line:
    """One switch. `next` is what pressing it asks for; None where a refusal of all stands above it."""

    organisation: UUID | None
    name: str | None
    channel: str
    on: bool
    next: Next | None
    record: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    expired: bool = False


@dataclass(frozen=True)
class Row:
    """One purpose with its switches: for the house by channel, for co-presenters one for each of them.

    `of_all` is the switch for every co-presenter together, where there is one.
    """

    purpose: str
    gate: Gate
    wording: Asked
    lines: tuple[Line, ...]
    of_all: Line | None = None

    @property
    def on(self) -> bool:
        """Whether anything here is on."""
        return any(line.on for line in (*self.lines, *([self.of_all] if self.of_all else [])))


Key = tuple[UUID | None, str]


def rows_of(offered: Iterable[Offered], choices: Choices, disclosures: Disclosures) -> tuple[Row, ...]:
    """A row for each purpose that the page asks about; news of co-presenters where one could send it."""
    partners = _partners(choices, disclosures)
    rows = []
    for one in offered:
        made = {
            (choice.organisation, choice.channel): choice
            for choice in choices.choices
            if choice.purpose == one.purpose
        }
        rows.append(_row(one, made, partners))
    return tuple(row for row in rows if row.lines or row.of_all)


def _row(one: Offered, made: Mapping[Key, Choice], partners: Mapping[UUID, str]) -> Row:
    if not one.purpose.startswith(CO_PRESENTERS):
        lines = (_line(one.gate, (None, channel), None, made) for channel in one.channels)
        return Row(one.purpose, one.gate, one.asked, tuple(lines))
    above = _above(one.gate, made)
    bound = above is not None and not above.on
    lines = (_line(one.gate, (id, EMAIL), name, made, bound=bound) for id, name in partners.items())
    return Row(one.purpose, one.gate, one.asked, tuple(lines), above)


def _above(gate: Gate, made: Mapping[Key, Choice]) -> Line | None:
    """The switch for all of them: always for what goes on until an objection, else where one was refused."""
    chosen = made.get((None, EMAIL))
    if gate == "objection":
        return _line(gate, (None, EMAIL), None, made)
    if chosen is None or chosen.state == "lifted":
        return None
    return Line(None, None, EMAIL, on=False, next="lifted", record=chosen.id, since=chosen.since)


def _line(gate: Gate, key: Key, name: str | None, made: Mapping[Key, Choice], *, bound: bool = False) -> Line:
    chosen = made.get(key)
    state = None if chosen is None else chosen.state
    on = not bound and (state == "given" if gate == "consent" else state != "objected")
    next_state: Next = _next(gate, on=on)
    return Line(
        *key[:1],
        name,
        key[1],
        on,
        None if bound else next_state,
        None if chosen is None else chosen.id,
        None if chosen is None else chosen.since,
        None if chosen is None else chosen.expires_at,
        state == "expired",
    )


def _next(gate: Gate, *, on: bool) -> Next:
    if gate == "consent":
        return "withdrawn" if on else "given"
    return "objected" if on else "lifted"


def _partners(choices: Choices, disclosures: Disclosures) -> Mapping[UUID, str]:
    """Organisations that got something of this person, or about whom they chose, by name."""
    told = ((one.recipient, one.recipient_name) for one in disclosures.disclosures)
    chosen = ((one.organisation, one.organisation_name) for one in choices.choices)
    named = {id: name for id, name in chain(told, chosen) if id is not None and name}
    return dict(sorted(named.items(), key=lambda item: item[1]))
