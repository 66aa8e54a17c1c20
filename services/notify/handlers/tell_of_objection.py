"""What was decided about an objection is told to whoever raised it (Art. 12(3), 21(1))."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.retention.events import ObjectionDecidedV1
from services.notify.domain.messages import Template, message_id_of
from services.notify.store import notices
from services.notify.store.notices import Notice

PURPOSE = "rights"


class TellOfObjection:
    """Hears retention.objection.decided."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[ObjectionDecidedV1]) -> None:
        """Plan the letter that says what was decided, and on which grounds."""
        told = heard.event
        template = Template.OBJECTION_STANDS if told.stands else Template.OBJECTION_OVERRIDDEN
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                id = message_id_of(template, told.case)
                notice = Notice(id, told.subject, template, tx.now, told.purpose, told.grounds, 0, tx.now)
                await notices.add(tx, notice, told.case)
