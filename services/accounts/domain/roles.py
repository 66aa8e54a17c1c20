"""Who may take, give, keep and lose a role of the house: least by default, four eyes where it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.actors import Role

FOUR_EYES = frozenset({Role.ADMINISTRATOR, Role.PRIVACY_OFFICER})
"""Roles that two people give: who invites to one does not give it."""
GIVERS = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.PRIVACY_OFFICER: FOUR_EYES,
    Role.ORGANISER: frozenset({Role.ORGANISER}),
}
"""Who gives which roles to people who accepted: a privacy officer is the second pair of eyes, no more, and an
owner lets others act for their own organisation."""
COUNTS_FOR = timedelta(days=7)
REVIEW_AFTER = timedelta(days=365)
OWN = Refused("role-own")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A role that waits for somebody; `subject` is None until they accepted."""

    role: Role
    subject: UUID | None
    invited_by: UUID
    expires_at: datetime


def may_accept(held: Role | None) -> Accepted[None] | Refused:
    """Whether somebody can take a role now. Refusal: role-held, for one person has one role."""
    return Accepted(None) if held is None else Refused("role-held")


def may_give(waiting: Waiting | None, giver: UUID, role: Role, now: datetime) -> Accepted[UUID] | Refused:
    """Who gets the role, where this person may give it.

    Refusals: invitation-over, invitation-unanswered, role-not-yours, role-own, role-second-eyes.
    """
    if waiting is None or waiting.expires_at <= now:
        return Refused("invitation-over")
    if waiting.subject is None:
        return Refused("invitation-unanswered")
    if waiting.role not in GIVERS.get(role, frozenset()):
        return Refused("role-not-yours")
    if waiting.subject == giver:
        return OWN
    if needs_another(waiting.role, waiting.invited_by, giver):
        return Refused("role-second-eyes")
    return Accepted(waiting.subject)


def needs_another(role: Role, invited_by: UUID, reader: UUID) -> bool:
    """Whether somebody else than the reader has to give this role."""
    return role in FOUR_EYES and invited_by == reader


def may_end(role: Role | None, subject: UUID, by: UUID, administrators: int) -> Accepted[None] | Refused:
    """Whether a role can be taken away. Refusals: member-unknown, role-own, role-last-administrator."""
    if role is None:
        return Refused("member-unknown")
    if subject == by:
        return OWN
    if role is Role.ADMINISTRATOR and administrators < 2:
        return Refused("role-last-administrator")
    return Accepted(None)


def may_review(role: Role | None, subject: UUID, by: UUID) -> Accepted[None] | Refused:
    """Whether this person can say that a role is still needed. Refusals: member-unknown, role-own."""
    if role is None:
        return Refused("member-unknown")
    return OWN if subject == by else Accepted(None)


def review_due(reviewed_at: datetime, now: datetime) -> bool:
    """Whether somebody has to look again whether a role is still needed."""
    return now - reviewed_at >= REVIEW_AFTER
