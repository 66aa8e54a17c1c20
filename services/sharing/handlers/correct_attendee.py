"""A correction travels on to every recipient who got the data (Art. 16, 19, X-02)."""

from __future__ import annotations

from uuid import uuid4

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import AttendeeCorrectedV1
from services.sharing.domain.message import Kind
from services.sharing.domain.purposes import DOOR_LIST, NEWS, Share
from services.sharing.store import attendees, deliveries

PURPOSE = "rights"


class CorrectAttendee:
    """Hears orders.attendee.corrected."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[AttendeeCorrectedV1]) -> None:
        """Correct what is held, and plan a message for each recipient; a lower version changes nothing."""
        told = heard.event
        async with self._work(PURPOSE, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            await attendees.take_turns(tx, told.subject)
            await attendees.correct(tx, told)
            for share in await attendees.of_person(tx, told.subject):
                fields = fields_for(share, told)
                if fields:
                    await deliveries.add(
                        tx, uuid4(), share.organisation, share.id, told.subject, Kind.CORRECTED, fields
                    )


def fields_for(share: Share, told: AttendeeCorrectedV1) -> tuple[str, ...]:
    """The corrected fields that this recipient may hold."""
    fields = (
        ("name", told.name is not None and DOOR_LIST in share.allowed),
        ("email", told.email is not None and NEWS in share.allowed),
    )
    return tuple(name for name, holds in fields if holds)
