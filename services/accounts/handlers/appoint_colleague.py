"""An owner lets somebody act who accepted: the act that the access log keeps (W-01, G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.colleagues import Colleague
from contracts.actors import Role
from services.accounts.colleagues import as_colleague
from services.accounts.domain.roles import Waiting, may_give
from services.accounts.ordering import order_notice
from services.accounts.store import colleagues, team
from services.accounts.store.colleagues import Answered
from services.accounts.visiting import end_all_but


class AppointColleague:
    """POST /organisation/invitations/{invitation}/role."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Colleague | Refused:
        """The new colleague, who logs in anew; or invitation-unknown, invitation-over, invitation-unanswered,
        role-own, role-held."""
        organisation, invitation = call.actor.organisation, UUID(call.path["invitation"])
        assert organisation is not None, "the purpose is bound to an organisation"
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            await colleagues.take_turns(tx, organisation)
            found = await colleagues.waiting(tx, invitation)
            if found is None:
                tx.saw_nobody()
                return Refused("invitation-unknown")
            waiting = Waiting(Role.ORGANISER, found.subject, found.invited_by, found.expires_at)
            decided = may_give(waiting, call.actor.id, call.actor.role, tx.now)
            if isinstance(decided, Refused):
                tx.saw_nobody()
                return decided
            tx.saw([decided.value])
            return await _appointed(tx, invitation, found, decided.value)


async def _appointed(tx: Work, invitation: UUID, found: Answered, subject: UUID) -> Colleague | Refused:
    organisation = tx.actor.organisation
    assert organisation is not None, "the purpose is bound to an organisation"
    if not await team.appoint(tx, subject, organisation, tx.now, owner=found.owner):
        return Refused("role-held")
    await colleagues.end_invitation(tx, invitation)
    # Rights grew, so every session begins anew: nobody carries an old one into a new role.
    await end_all_but(tx, subject, None)
    await order_notice(tx, subject, "organisation_joined")
    (row,) = await colleagues.members(tx, 1, subject)
    return as_colleague(row, tx.actor)
