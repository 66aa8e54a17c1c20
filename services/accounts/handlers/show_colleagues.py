"""Who acts for an organisation, and who may (W-01)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.colleagues import Colleagues
from services.accounts.colleagues import as_colleague, as_invitation
from services.accounts.store import colleagues

MOST = 500


class ShowColleagues:
    """GET /organisation/members."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Colleagues | Refused:
        """At most 500 of each, invitations for owners only; or too-many-looked-at."""
        reader = call.actor
        async with self._work("organiser_service", reader, call.reason) as tx:
            members = await colleagues.members(tx, MOST)
            invited = await colleagues.invitations(tx, tx.now, MOST) if reader.owner else []
            accepted = {one.subject for one in invited if one.subject}
            refused = await tx.saw_many(({one.subject for one in members} | accepted) - {reader.id})
            return refused or Colleagues(
                members=tuple(as_colleague(one, reader) for one in members),
                invitations=tuple(as_invitation(one) for one in invited),
            )
