"""Who acts for an organisation, as its people see them."""

from __future__ import annotations

from contracts.accounts.colleagues import Colleague, ColleagueInvitation
from contracts.actors import Actor
from services.accounts.store.colleagues import Invited, Row


def as_colleague(row: Row, reader: Actor) -> Colleague:
    """Somebody who acts for it; the address is for owners, and everybody knows their own."""
    myself = row.subject == reader.id
    return Colleague(
        subject=row.subject,
        name=row.name,
        email=row.email if reader.owner or myself else None,
        owner=row.owner,
        since=row.since,
        myself=myself,
    )


def as_invitation(row: Invited) -> ColleagueInvitation:
    """An invitation as owners see it."""
    return ColleagueInvitation(
        id=row.id,
        email=row.email,
        name=row.name,
        owner=row.owner,
        expires_at=row.expires_at,
        accepted=row.subject is not None,
    )
