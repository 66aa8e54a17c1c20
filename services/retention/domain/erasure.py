"""An erasure, from the order to the last word, as a pure state machine (Art. 17 and 19, G-62, X-02).

ordered: every service that holds data must answer, and each recipient outside must acknowledge or be overdue.
telling: notify writes to the person for the last time and erases the address.
closed: nothing is left to wait for. Happenings come in any order and more than once; none is counted twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

ORDERED_FIRST = frozenset(("accounts", "orders", "sharing", "gateway", "retention"))
LAST = "notify"
EVERY_SERVICE = ORDERED_FIRST | {LAST}


class State(StrEnum):
    """Where an erasure stands."""

    ORDERED = "ordered"
    TELLING = "telling"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is known: services that answered, recipients that were named, recipients accounted for."""

    state: State = State.ORDERED
    answered: frozenset[str] = frozenset()
    named: frozenset[UUID] = frozenset()
    accounted: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Carried:
    """A service's receipt, with the recipients that it names."""

    service: str
    recipients: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Accounted:
    """A recipient acknowledged the recall, or its time ran out."""

    recipient: UUID


@dataclass(frozen=True, slots=True)
class Step:
    """The erasure after a happening; `tell` and `close` are true once, when that becomes due."""

    erasure: Erasure
    tell: bool = False
    close: bool = False


def counts(erasure: Erasure, service: str) -> bool:
    """Whether a receipt is waited for: notify's word is the last, so one before telling is no proof."""
    if service == LAST:
        return erasure.state is not State.ORDERED
    return service in ORDERED_FIRST


def step(before: Erasure, happening: Carried | Accounted) -> Step:
    """Take in one happening."""
    after = _taken(before, happening)
    if after.state is State.ORDERED and after.answered >= ORDERED_FIRST and after.accounted >= after.named:
        return Step(replace(after, state=State.TELLING), tell=True)
    if after.state is State.TELLING and LAST in after.answered:
        return Step(replace(after, state=State.CLOSED), close=True)
    return Step(after)


def missing(answered: Iterable[str]) -> tuple[str, ...]:
    """Services that did not answer yet, in the order of the alphabet."""
    return tuple(sorted(EVERY_SERVICE - frozenset(answered)))


def _taken(before: Erasure, happening: Carried | Accounted) -> Erasure:
    if isinstance(happening, Accounted):
        return replace(before, accounted=before.accounted | {happening.recipient})
    if before.state is State.CLOSED or not counts(before, happening.service):
        return before
    return replace(
        before,
        answered=before.answered | {happening.service},
        named=before.named | happening.recipients,
    )
