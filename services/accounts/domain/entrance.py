"""How somebody came in, and how long they may stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.decision import Accepted, Refused
from contracts.actors import Role
from services.accounts.domain.factors import must_have_factor


@dataclass(frozen=True, slots=True)
class Length:
    """How long a session lasts at most, and how long it may stand idle."""

    whole: timedelta
    idle: timedelta


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of visitors, and of who works for the house or for an organiser."""

    visitor: Length
    staff: Length

    def of(self, role: Role) -> Length:
        """That of somebody in a role."""
        return self.staff if must_have_factor(role) else self.visitor


@dataclass(frozen=True, slots=True)
class Entrance:
    """By which methods somebody came in, and whether there were two factors."""

    methods: tuple[str, ...]
    strong: bool


BY_PASSWORD = Entrance(("password",), strong=False)
BY_LETTER = Entrance(("letter",), strong=False)
BY_PASSKEY = Entrance(("passkey",), strong=True)
"""A passkey that asked its person for a finger, a face or a PIN counts as two factors."""


def with_factor(method: str) -> Entrance:
    """A password, and a code of an app or a recovery code."""
    return Entrance(("password", method), strong=True)


def fresh(proved_at: datetime, now: datetime, within: timedelta) -> Accepted[None] | Refused:
    """Whether somebody proved who they are a moment ago; or step-up-needed."""
    return Accepted(None) if now - proved_at <= within else Refused("step-up-needed")
