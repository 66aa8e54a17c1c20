"""A restriction, and its end, reach those who hold the data (Art. 18, 19, X-02)."""

from __future__ import annotations

from uuid import uuid4

from chassis.work import Work
from contracts.retention.events import RestrictionSetV1
from services.sharing.domain.message import Kind
from services.sharing.store import attendees, deliveries


async def tell_restriction(tx: Work, news: RestrictionSetV1) -> None:
    """Plan a message to each recipient of this person's data; what it says is looked up as it leaves.

    Runs in the transaction that keeps the restriction in the gate (purpose keeping_choices).
    """
    await attendees.take_turns(tx, news.subject)
    for attendee, organisation in await attendees.known_to(tx, news.subject):
        await deliveries.add(tx, uuid4(), organisation, attendee, news.subject, Kind.RESTRICTED, ())
