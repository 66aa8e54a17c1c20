"""Somebody leaves: the role goes, sessions end, and every service refuses the tokens that are left (G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.accounts.domain.roles import may_end
from services.accounts.ordering import order_notice
from services.accounts.store import team
from services.accounts.visiting import let_go


class EndRole:
    """DELETE /team/members/{subject}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """204, effective in every service within two seconds; refusals of domain/roles.py."""
        subject = UUID(call.path["subject"])
        async with self._work("access_management", call.actor, call.reason) as tx:
            await team.take_turns(tx)
            # The house lets go of whoever acts for an organisation too.
            role = await team.role_of(tx, subject, anywhere=True)
            decided = may_end(role, subject, call.actor.id, await team.administrators(tx))
            if isinstance(decided, Refused):
                tx.saw_nobody()
                return decided
            tx.saw([subject])
            await let_go(tx, subject)
            await order_notice(tx, subject, "role_ended")
        return Answer(None, status=204)
