"""A role is given to a person who accepted it: the act that the access log keeps (G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.team import Member
from contracts.actors import Role
from services.accounts.domain.roles import Waiting, may_accept, may_give
from services.accounts.handlers.show_team import as_member
from services.accounts.ordering import order_notice
from services.accounts.store import team
from services.accounts.visiting import end_all_but


class GiveRole:
    """POST /team/invitations/{invitation}/role."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Member | Refused:
        """The new member, who logs in anew; refusals of domain/roles.py."""
        invitation = UUID(call.path["invitation"])
        async with self._work("access_management", call.actor, call.reason) as tx:
            await team.take_turns(tx)
            waiting = await team.waiting(tx, invitation)
            decided = may_give(waiting, call.actor.id, call.actor.role, tx.now)
            if isinstance(decided, Refused):
                tx.saw_nobody()
                return decided
            assert waiting is not None, "what is not there is refused"
            return await self._give(tx, invitation, waiting, decided.value)

    async def _give(self, tx: Work, invitation: UUID, waiting: Waiting, subject: UUID) -> Member | Refused:
        tx.saw([subject])
        held = may_accept(await team.role_of(tx, subject, anywhere=True))
        if isinstance(held, Refused):
            return held
        await team.end_invitation(tx, invitation)
        await team.give(tx, subject, Role(waiting.role), tx.now)
        # Rights grew, so every session begins anew: nobody carries an old one into a new role.
        await end_all_but(tx, subject, None)
        await order_notice(tx, subject, "role_given")
        row = await team.member(tx, subject)
        assert row is not None, "a role was just given"
        return as_member(row, tx.actor.id, tx.now)
