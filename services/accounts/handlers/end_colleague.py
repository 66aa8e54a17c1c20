"""Somebody leaves an organisation: out of every session, refused everywhere within two seconds (G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.accounts.domain.colleagues import may_end
from services.accounts.ordering import order_notice
from services.accounts.store import colleagues, team
from services.accounts.visiting import let_go


class EndColleague:
    """DELETE /organisation/members/{subject}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """204; or member-unknown, also for somebody of another organisation, role-own, owner-needed."""
        organisation, subject = call.actor.organisation, UUID(call.path["subject"])
        assert organisation is not None, "the purpose is bound to an organisation"
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            await colleagues.take_turns(tx, organisation)
            acting = await team.people_of(tx, organisation)
            decided = may_end(acting, subject, call.actor.id)
            if isinstance(decided, Refused):
                tx.saw_nobody()
                return decided
            tx.saw([subject])
            await let_go(tx, subject)
            await order_notice(tx, subject, "organisation_left")
        return Answer(None, status=204)
