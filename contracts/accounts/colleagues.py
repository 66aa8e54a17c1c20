"""Bodies and answers of accounts about who acts for an organisation (W-01, W-04).

An owner invites an address; whoever has an account with it accepts there, as for the house; then the owner
lets them act. Routes, of organiser_service, within the organisation of whoever asks:
    GET    /organisation/members                         organiser -> Colleagues
    POST   /organisation/invitations                     owner <- InviteColleague -> ColleagueInvitation (201)
    DELETE /organisation/invitations/{invitation}        owner -> 204
    POST   /organisation/invitations/{invitation}/role   owner -> Colleague (201)
    DELETE /organisation/members/{subject}               owner -> 204
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.envelope import Model
from contracts.personal import Email, Locale, PersonName, SubjectId

Owner = Annotated[bool, Field(strict=True)]


class InviteColleague(Model):
    """An address that may act for the organisation, as an owner or not, and the language to write in."""

    email: Email
    owner: Owner = False
    locale: Locale = "nl"


class ColleagueInvitation(Model):
    """Somebody who may act for the organisation; `name` is known once it was `accepted`."""

    id: UUID
    email: Email
    name: PersonName | None
    owner: bool
    expires_at: datetime
    accepted: bool


class Colleague(Model):
    """Somebody who acts for the organisation; addresses are for its owners."""

    subject: SubjectId
    name: PersonName
    email: Email | None
    owner: bool
    since: datetime
    myself: bool


class Colleagues(Model):
    """Who acts for the organisation, and who may; invitations are for its owners."""

    members: tuple[Colleague, ...]
    invitations: tuple[ColleagueInvitation, ...]
