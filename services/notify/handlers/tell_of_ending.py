"""Before a restriction ends its person reads so (Art. 18(3))."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.retention.events import RestrictionEndingV1
from services.notify.domain.messages import Template, message_id_of
from services.notify.store import notices
from services.notify.store.notices import Notice

PURPOSE = "rights"


class TellOfEnding:
    """Hears retention.restriction.ending."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[RestrictionEndingV1]) -> None:
        """Plan the letter that says when it ends; one for each end that was planned."""
        told, template = heard.event, Template.RESTRICTION_ENDING
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                id = message_id_of(template, heard.id)
                notice = Notice(id, told.subject, template, told.lifts_at, None, None, 0, tx.now)
                await notices.add(tx, notice, told.case)
