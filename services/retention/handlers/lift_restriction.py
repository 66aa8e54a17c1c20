"""A restriction ends: at once by the person's own wish, by the house after they were told (Art. 18(3))."""

from datetime import timedelta
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.actors import Role
from contracts.retention.api import Case
from contracts.retention.events import RestrictionEndingV1
from services.retention.handlers.show_cases import shown
from services.retention.lifting import lift
from services.retention.seeing import may_read
from services.retention.store import cases, restrictions


class LiftRestriction:
    """POST /cases/{case}/lift."""

    def __init__(self, work: Workplace, notice: timedelta) -> None:
        """`notice` is how long before its end a person knows of it."""
        self._work = work
        self._notice = notice

    async def __call__(self, call: Call) -> Case | Refused:
        """The case as it stands then; case-unknown, also where it is another person's, or nothing-to-lift."""
        async with self._work("rights", call.actor, call.reason) as tx:
            row = await cases.lock(tx, UUID(call.path["case"]))
            tx.saw([row.subject] if row else [])
            if row is None or not await may_read(tx, call.actor, row.subject):
                return Refused("case-unknown")
            begun = await self._begin(tx, row, own=call.actor.role is Role.VISITOR)
            if row.kind != "restriction" or not begun:
                return Refused("nothing-to-lift")
            return (await shown(tx, [row]))[0]

    async def _begin(self, tx: Work, row: cases.CaseRow, *, own: bool) -> bool:
        if own:
            return await lift(tx, row.subject)
        at = tx.now + self._notice
        planned = await restrictions.lift_later(tx, row.subject, at)
        if planned:
            await tx.announce(RestrictionEndingV1(subject=row.subject, case=row.id, lifts_at=at))
        return planned
