"""An owner invites an address to act for the organisation; its account decides (W-01, G-71)."""

from __future__ import annotations

from uuid import uuid4

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.colleagues import ColleagueInvitation, InviteColleague
from services.accounts.colleagues import as_invitation
from services.accounts.domain.roles import COUNTS_FOR
from services.accounts.ordering import order_invitation
from services.accounts.passwords import user_key
from services.accounts.store import colleagues
from services.accounts.store.colleagues import Invited


class InviteOneColleague:
    """POST /organisation/invitations. Whether the address has an account is not looked up or told."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> ColleagueInvitation:
        """The invitation, which counts for seven days and takes the place of an earlier one."""
        asked: InviteColleague = call.body
        organisation = call.actor.organisation
        assert organisation is not None, "the purpose is bound to an organisation"
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            tx.saw_nobody()
            new = Invited(uuid4(), str(asked.email), None, asked.owner, tx.now + COUNTS_FOR, None)
            await colleagues.invite(tx, new, user_key(new.email), organisation, call.actor.id, tx.now)
            await order_invitation(tx, new.email, asked.locale, new.expires_at, "organisation_invited")
        return as_invitation(new)
