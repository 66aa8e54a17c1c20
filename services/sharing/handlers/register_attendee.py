"""A buyer of a co-presented event: each purpose takes up its own part, then the recipient is told (G-51)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4, uuid5

from chassis import gate
from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import AttendeeRegisteredV1
from services.sharing.domain.purposes import CHANNEL, DOOR_LIST, NEWS, together
from services.sharing.handlers.acting import for_organisation
from services.sharing.store import attendees, deliveries

RIGHTS = "rights"
OPERATION = "operation"


class RegisterAttendee:
    """Hears orders.attendee.registered.

    No purpose may write the fields of another, so this takes one transaction each. Each has its trace in
    the inbox, made from the event's id: after a crash between two the rest is done when the event comes
    again. The attendee comes last: who sees it sees its parts too. All of it is done for people who
    restricted processing as well: to store is allowed, and nothing leaves before that ends (Art. 18(2)).
    """

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[AttendeeRegisteredV1]) -> None:
        """Keep what came, as far as the person allows it at this moment."""
        told = heard.event
        if DOOR_LIST in told.allowed:
            await self._door(heard)
        if NEWS in told.allowed and told.email is not None:
            await self._news(heard)
        async with self._work(RIGHTS, SYSTEM) as tx:
            await attendees.apply_corrections(tx, told.subject)
        await self._attendee(heard)

    async def _door(self, heard: Heard[AttendeeRegisteredV1]) -> None:
        told = heard.event
        async with self._work(DOOR_LIST, for_organisation(told.organisation)) as tx:
            if not await tx.first_sight_of(_part(heard, DOOR_LIST)):
                return
            await attendees.take_turns(tx, told.subject)
            if await gate.may_store(tx, told.subject, DOOR_LIST, told.organisation, CHANNEL):
                await attendees.keep_door(tx, told)

    async def _news(self, heard: Heard[AttendeeRegisteredV1]) -> None:
        told = heard.event
        async with self._work(NEWS, for_organisation(told.organisation)) as tx:
            if not await tx.first_sight_of(_part(heard, NEWS)):
                return
            await attendees.take_turns(tx, told.subject)
            # orders told us under a consent from checkout, whose number from accounts may still be under way.
            await gate.choose_at_checkout(tx, told.subject, NEWS, told.organisation, CHANNEL, gate.GIVEN)
            if await gate.may_store(tx, told.subject, NEWS, told.organisation, CHANNEL):
                await attendees.keep_news(tx, told)

    async def _attendee(self, heard: Heard[AttendeeRegisteredV1]) -> None:
        told = heard.event
        async with self._work(OPERATION, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            await attendees.take_turns(tx, told.subject)
            if await gate.is_protected(tx, told.subject):
                return
            attendee = await _kept(tx, told)
            if attendee is not None:
                await deliveries.add_registered(tx, uuid4(), told.organisation, attendee, told.subject)


async def _kept(tx: Work, told: AttendeeRegisteredV1) -> UUID | None:
    """Keep an attendee, new or registered anew; None where this registration is older than the last one.

    Registrations of the same version differ in what an agreement or a choice added, in any order.
    """
    known = await attendees.by_order(tx, told)
    if known is None:
        attendee = uuid4()
        await attendees.keep(tx, attendee, told)
        return attendee
    share, version = known
    if told.version < version:
        return None
    allowed = together(share.allowed if told.version == version else (), told.allowed)
    await attendees.allow(tx, share.id, allowed, told.version)
    return share.id


def _part(heard: Heard[AttendeeRegisteredV1], purpose: str) -> Heard[AttendeeRegisteredV1]:
    return replace(heard, id=uuid5(heard.id, purpose))
