"""The house verifies an organisation, refuses it, suspends it, lets it go on or ends it (W-01).

To verify is to give a role: the first owner is appointed in the same transaction, and stands in the log.
"""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.events import ActorRevokedV1, OrganisationSuspendedV1, OrganisationVerifiedV1
from contracts.accounts.organisations import Decide, Decided
from services.accounts.domain.organisations import Course, decide
from services.accounts.domain.roles import may_accept
from services.accounts.ordering import Notice, order_notice
from services.accounts.store import api_keys, organisations, people, team
from services.accounts.store.organisations import Decidable
from services.accounts.visiting import end_all_but, let_go

TOLD: dict[str, Notice] = {
    "verify": "organisation_verified",
    "resume": "organisation_verified",
    "refuse": "organisation_refused",
    "suspend": "organisation_suspended",
    "end": "organisation_ended",
}


class DecideOrganisation:
    """POST /organisations/{organisation}/decision."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Decided | Refused:
        """How it stands now; or organisation-not-here, decision-impossible, ground-missing, person-unknown,
        role-held."""
        asked: Decide = call.body
        async with self._work("access_management", call.actor, call.reason) as tx:
            await team.take_turns(tx)
            found = await organisations.for_decision(tx, UUID(call.path["organisation"]))
            if found is None:
                tx.saw_nobody()
                return Refused("organisation-not-here")
            course = decide(found.state, asked.decision, asked.ground)
            if isinstance(course, Refused):
                tx.saw_nobody()
                return course
            return await self._follow(tx, found, asked, course.value)

    async def _follow(self, tx: Work, found: Decidable, asked: Decide, course: Course) -> Decided | Refused:
        refused = await _begin(tx, found) if course.begins else None
        acting = await team.people_of(tx, found.id)
        tx.saw({*acting, *([found.contact] if found.contact else ())})
        if refused is not None:
            return refused
        # To look again at what is verified changes nothing for anybody else.
        if course.state != found.state:
            await _tell(
                tx, found, course, {one for one, owner in acting.items() if owner}, TOLD[asked.decision]
            )
        if course.state == "ended":
            for subject in acting:
                await let_go(tx, subject)
            for key in await api_keys.remove_all(tx, found.id):
                await tx.announce(ActorRevokedV1(actor=key))
        await organisations.follow(tx, found.id, course, tx.now)
        return Decided(id=found.id, state=course.state, ground=course.ground)


async def _begin(tx: Work, found: Decidable) -> Refused | None:
    """The person who signed up becomes the first owner, and logs in anew: rights grew."""
    if found.contact is None or await people.reach(tx, found.contact) is None:
        return Refused("person-unknown")
    held = may_accept(await team.role_of(tx, found.contact, anywhere=True))
    if isinstance(held, Refused):
        return held
    await team.appoint(tx, found.contact, found.id, tx.now, owner=True)
    await end_all_but(tx, found.contact, None)
    return None


async def _tell(tx: Work, found: Decidable, course: Course, owners: set[UUID], kind: Notice) -> None:
    """Services that sell or share hear of it, and the owners; who never began hears it alone."""
    about = {"organisation": found.id, "name": found.name, "version": found.version + 1}
    if course.state == "verified":
        await tx.announce(OrganisationVerifiedV1.model_validate(about))
    elif course.state != "refused":
        await tx.announce(OrganisationSuspendedV1.model_validate(about))
    for subject in owners or ({found.contact} if found.contact else set()):
        await order_notice(tx, subject, kind)
