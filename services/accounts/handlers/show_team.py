"""Who works for the house, and which roles wait for somebody (G-71)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.team import Invitation, Member, Team
from services.accounts.domain.roles import needs_another, review_due
from services.accounts.store import team
from services.accounts.store.team import InvitationRow, MemberRow

MOST = 500


class ShowTeam:
    """GET /team."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Team | Refused:
        """At most 500 of each; or too-many-looked-at."""
        async with self._work("access_management", call.actor) as tx:
            members = await team.members(tx, MOST)
            waiting = await team.invitations(tx, tx.now, MOST)
            accepted = {one.subject for one in waiting if one.subject}
            refused = await tx.saw_many({one.subject for one in members} | accepted)
            if refused is not None:
                return refused
            return Team(
                members=tuple(as_member(one, call.actor.id, tx.now) for one in members),
                invitations=tuple(as_invitation(one, call.actor.id) for one in waiting),
            )


def as_member(row: MemberRow, reader: UUID, now: datetime) -> Member:
    """A member as the team sees them."""
    return Member(
        subject=row.subject,
        name=row.name,
        email=row.email,
        role=row.role,
        since=row.since,
        reviewed_at=row.reviewed_at,
        review_due=review_due(row.reviewed_at, now),
        myself=row.subject == reader,
    )


def as_invitation(row: InvitationRow, reader: UUID) -> Invitation:
    """An invitation as the team sees it."""
    return Invitation.model_validate(
        {
            "id": row.id,
            "email": row.email,
            "name": row.name,
            "role": row.role,
            "invited_at": row.invited_at,
            "expires_at": row.expires_at,
            "accepted": row.subject is not None,
            "second_eyes": needs_another(row.role, row.invited_by, reader),
        }
    )
