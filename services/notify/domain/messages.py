"""What a message is, which one it is, and what becomes of it after a try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

NAMESPACE = UUID("5b5c9e0e-6c1f-5f0a-9d5b-7b1f6a0c2d41")
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)


class Template(StrEnum):
    """The letters of this house."""

    TICKETS = "tickets"
    PAYMENT_FAILED = "payment_failed"
    ERASED = "erased"
    RESTRICTION_ENDING = "restriction_ending"
    OBJECTION_STANDS = "objection_stands"
    OBJECTION_OVERRIDDEN = "objection_overridden"
    REFUND = "refund"
    CHARGED_BACK = "charged_back"
    REINSTATED = "reinstated"
    REVIEWED = "reviewed"


ABOUT_MONEY = (Template.REFUND, Template.CHARGED_BACK, Template.REINSTATED)
"""What is written when money left again."""


class Outcome(StrEnum):
    """How one try went: handed over, refused for now, refused for good."""

    HANDED_OVER = "handed_over"
    NOT_NOW = "not_now"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many tries, or how much time, a message is given up."""

    tries: int
    time: timedelta


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at an instant."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The message will not be sent any more."""


PATIENCE = Patience(tries=80, time=timedelta(days=3))
PATIENCE_BEFORE_ERASURE = Patience(tries=12, time=timedelta(hours=24))
"""A mail server that refuses must not keep an erasure from happening (Art. 17: without undue delay)."""


def message_id_of(template: Template, about: UUID) -> UUID:
    """The id of the one message with this template about an order, a failed payment or a case.

    The same input gives the same id, so a message exists once however often its cause is told.
    """
    return uuid5(NAMESPACE, f"{template}:{about}")


def message_header(message: UUID, domain: str) -> str:
    """The Message-ID (RFC 5322): the same at each try, so that a mail program shows a repeat once."""
    return f"<{message}@{domain}>"


def pause_after(attempts: int) -> timedelta:
    """How long to wait after a number of tries: 2 s, 4 s, 8 s … one hour at most."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 20)), LONGEST_PAUSE)


def after(
    outcome: Outcome, attempts: int, created_at: datetime, now: datetime, patience: Patience
) -> Retry | GivenUp:
    """What follows a try that did not hand the message over; `attempts` counts that try."""
    spent = attempts >= patience.tries or now - created_at >= patience.time
    if outcome is Outcome.NEVER or spent:
        return GivenUp()
    return Retry(now + pause_after(attempts))
