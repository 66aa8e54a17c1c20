"""Bodies and answers of accounts about who works for the house, in which role (G-71).

A role goes from an address to a person in steps: an administrator invites an address; whoever has an account
with that confirmed address accepts; then the role is given to them, two roles by somebody else than who
invited. Routes, all for access_management:
    GET    /team                                 administrator, privacy officer -> Team
    POST   /team/invitations                     administrator <- Invite -> Invitation (201)
    DELETE /team/invitations/{invitation}        administrator -> 204
    POST   /team/invitations/{invitation}/role   administrator, privacy officer -> Member (201)
    POST   /team/members/{subject}/review        administrator -> Member
    DELETE /team/members/{subject}               administrator -> 204
Open ones, for whoever logged in; the secret of their session is in the body:
    POST   /account/invitations                  <- Mine -> OwnInvitations
    POST   /account/invitations/{invitation}     <- AnswerInvitation -> OwnInvitations
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.accounts.api import Secret
from contracts.actors import Role
from contracts.envelope import Model
from contracts.personal import Category, Email, Locale, Personal, PersonName, SubjectId

HouseRole = Literal[
    Role.BOX_OFFICE,
    Role.STEWARD,
    Role.SUPERVISOR,
    Role.PLANNER,
    Role.MARKETING,
    Role.FINANCE,
    Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
]
HeldRole = Annotated[Role, Personal(Category.LOGIN)]


class Invite(Model):
    """An address that may take a role, and the language to write in."""

    email: Email
    role: HouseRole
    locale: Locale = "nl"


class Invitation(Model):
    """A role that waits for somebody: to accept it, or to be given.

    `name` is known once it was `accepted`. `second_eyes`: the reader may not give it, because they invited.
    """

    id: UUID
    email: Email
    name: PersonName | None
    role: HouseRole
    invited_at: datetime
    expires_at: datetime
    accepted: bool
    second_eyes: bool


class Member(Model):
    """Someone who works for the house. `review_due`: nobody looked for a year whether they still do."""

    subject: SubjectId
    name: PersonName
    email: Email
    role: HeldRole
    since: datetime
    reviewed_at: datetime
    review_due: bool
    myself: bool


class Team(Model):
    """Who works for the house, those to be reviewed first, and which roles wait for somebody."""

    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]


class OwnInvitation(Model):
    """A role that somebody was invited to, of the house or of an `organisation`: accept it, or decline."""

    id: UUID
    role: HouseRole | Literal[Role.ORGANISER]
    organisation: str | None
    owner: bool
    expires_at: datetime
    accepted: bool


class OwnInvitations(Model):
    """Roles that wait for the person who asks."""

    invitations: tuple[OwnInvitation, ...]


class AnswerInvitation(Model):
    """What somebody says to an invitation, by the secret of their session."""

    secret: Secret
    accept: Annotated[bool, Field(strict=True)]
