"""An owner takes an invitation back, answered or not."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.accounts.store import colleagues


class WithdrawColleague:
    """DELETE /organisation/invitations/{invitation}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """204; or invitation-unknown, also for that of another organisation."""
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            tx.saw_nobody()
            if not await colleagues.end_invitation(tx, UUID(call.path["invitation"])):
                return Refused("invitation-unknown")
        return Answer(None, status=204)
