"""An objection or a withdrawn consent reaches those who hold the data (Art. 21, 7(3), X-02)."""

from __future__ import annotations

from uuid import uuid4

from chassis.work import Work
from contracts.accounts.events import ChoiceSetV1
from services.sharing.domain.message import Kind
from services.sharing.domain.purposes import CO_PRESENTATION, DOOR_LIST, NEWS, NO_LONGER
from services.sharing.store import attendees, deliveries


async def tell_objection(tx: Work, choice: ChoiceSetV1) -> None:
    """Drop the fields that only this purpose needed, and plan a message to each recipient.

    Runs in the transaction that keeps the choice in the gate (purpose keeping_choices).
    """
    if choice.purpose not in CO_PRESENTATION or choice.state not in NO_LONGER:
        return
    await attendees.take_turns(tx, choice.subject)
    if choice.purpose == DOOR_LIST:
        await attendees.drop_door(tx, choice.subject, choice.organisation)
    if choice.purpose == NEWS:
        await attendees.drop_news(tx, choice.subject, choice.organisation)
    refused = await attendees.refuse(tx, choice.subject, choice.purpose, choice.organisation)
    for attendee, organisation in refused:
        about = (choice.purpose,)
        await deliveries.add(tx, uuid4(), organisation, attendee, choice.subject, Kind.OBJECTED, about)
