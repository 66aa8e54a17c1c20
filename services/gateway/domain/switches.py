"""Which choices a person can make, as switches (G-60): one per purpose and organisation concerned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from contracts.accounts.api import Choice, Choices
from contracts.sharing.api import Disclosures

Gate = Literal["none", "consent", "objection"]
State = Literal["given", "withdrawn", "objected", "lifted"]


@dataclass(frozen=True)
class Switch:
    """A choice as it stands; `next` is the state that pressing the switch asks for."""

    purpose: str
    organisation: UUID | None
    organisation_name: str | None
    on: bool
    next: State


def _switch(
    purpose: str, gate: Gate, organisation: UUID | None, name: str | None, state: str | None
) -> Switch:
    if gate == "consent":
        on = state == "given"
        return Switch(purpose, organisation, name, on, "withdrawn" if on else "given")
    on = state != "objected"
    return Switch(purpose, organisation, name, on, "objected" if on else "lifted")


def switches_of(choices: Choices, disclosures: Disclosures, gates: Mapping[str, Gate]) -> tuple[Switch, ...]:
    """Switches for every choice made, and for every use that a recipient may make of this person's data.

    `gates` says per purpose whether it waits for consent or an objection; without a gate there is no switch.
    """
    known: dict[tuple[str, UUID | None], Switch] = {}
    for purpose, organisation, name, state in (*_made(choices.choices), *_possible(disclosures)):
        gate = gates.get(purpose, "none")
        if gate != "none" and (purpose, organisation) not in known:
            known[purpose, organisation] = _switch(purpose, gate, organisation, name, state)
    return tuple(sorted(known.values(), key=lambda one: (one.organisation_name or "", one.purpose)))


def _made(choices: Iterable[Choice]) -> Iterable[tuple[str, UUID | None, str | None, str | None]]:
    return ((one.purpose, one.organisation, one.organisation_name, one.state) for one in choices)


def _possible(disclosures: Disclosures) -> Iterable[tuple[str, UUID | None, str | None, str | None]]:
    return (
        (purpose, one.recipient, one.recipient_name, None)
        for one in disclosures.disclosures
        for purpose in one.allowed
    )
