"""Once a year somebody looks whether a role is still needed, and says so (G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.team import Member
from services.accounts.domain.roles import may_review
from services.accounts.handlers.show_team import as_member
from services.accounts.store import team


class ReviewMember:
    """POST /team/members/{subject}/review."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Member | Refused:
        """The member, reviewed now; or member-unknown, role-own."""
        subject = UUID(call.path["subject"])
        async with self._work("access_management", call.actor, call.reason) as tx:
            decided = may_review(await team.role_of(tx, subject), subject, call.actor.id)
            if isinstance(decided, Refused):
                tx.saw_nobody()
                return decided
            tx.saw([subject])
            await team.reviewed(tx, subject, tx.now)
            row = await team.member(tx, subject)
        return as_member(row, call.actor.id, tx.now) if row else Refused("member-unknown")
