"""Whoever was invited says yes or no, in the account of that address: a forwarded mail opens nothing."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.team import AnswerInvitation, OwnInvitations
from services.accounts.domain.roles import may_accept
from services.accounts.inviting import account_of, waiting_for
from services.accounts.store import team
from services.accounts.store.sessions import Own

OVER = Refused("invitation-over")


class AnswerOwnInvitation:
    """POST /account/invitations/{invitation}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> OwnInvitations | Refused:
        """What still waits; or session-ended, invitation-over (also a stranger's), role-held."""
        asked: AnswerInvitation = call.body
        own = await account_of(self._work, call.actor, asked.secret)
        if own is None:
            return Refused("session-ended")
        invitation = UUID(call.path["invitation"])
        async with self._work("access_management", call.actor) as tx:
            refused = await _answer(tx, own, invitation, accept=asked.accept)
            return refused or await waiting_for(tx, own)


async def _answer(tx: Work, own: Own, invitation: UUID, *, accept: bool) -> Refused | None:
    if not accept:
        return None if await team.decline(tx, invitation, own.subject, own.user_key) else OVER
    allowed = may_accept(await team.role_of(tx, own.subject, anywhere=True))
    if isinstance(allowed, Refused):
        return allowed
    accepted = await team.accept(tx, invitation, own.subject, own.user_key, tx.now)
    return None if accepted else OVER
