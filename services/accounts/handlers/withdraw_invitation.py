"""An invitation is taken back, answered or not (G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.accounts.store import team


class WithdrawInvitation:
    """DELETE /team/invitations/{invitation}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """204; or invitation-over."""
        async with self._work("access_management", call.actor, call.reason) as tx:
            tx.saw_nobody()
            if not await team.end_invitation(tx, UUID(call.path["invitation"])):
                return Refused("invitation-over")
        return Answer(None, status=204)
