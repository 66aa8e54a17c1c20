"""Roles that wait for whoever asks: those that the address of their account was invited to (G-71)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Mine
from contracts.accounts.team import OwnInvitations
from services.accounts.inviting import account_of, waiting_for


class ShowOwnInvitations:
    """POST /account/invitations: the session's secret rides in the body."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> OwnInvitations | Refused:
        """What waits for whoever asks; or session-ended."""
        asked: Mine = call.body
        own = await account_of(self._work, call.actor, asked.secret)
        if own is None:
            return Refused("session-ended")
        async with self._work("access_management", call.actor) as tx:
            return await waiting_for(tx, own)
