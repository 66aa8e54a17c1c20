"""Somebody is invited to work for the house: by address, so that whoever reads mail there decides (G-71)."""

from __future__ import annotations

from uuid import uuid4

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.team import Invitation, Invite
from contracts.actors import Role
from services.accounts.domain.roles import COUNTS_FOR
from services.accounts.handlers.show_team import as_invitation
from services.accounts.ordering import order_invitation
from services.accounts.passwords import user_key
from services.accounts.store import team
from services.accounts.store.team import InvitationRow


class InviteMember:
    """POST /team/invitations. Whether the address has an account is not looked up, and so not told."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Invitation:
        """The invitation, which counts for seven days and takes the place of an earlier one."""
        asked: Invite = call.body
        async with self._work("access_management", call.actor, call.reason) as tx:
            tx.saw_nobody()
            new = InvitationRow(
                id=uuid4(),
                email=str(asked.email),
                role=Role(asked.role),
                invited_by=call.actor.id,
                invited_at=tx.now,
                expires_at=tx.now + COUNTS_FOR,
                subject=None,
                name=None,
            )
            await team.invite(tx, new, user_key(new.email))
            await order_invitation(tx, new.email, asked.locale, new.expires_at)
        return as_invitation(new, call.actor.id)
