"""Keeps replicas of what is public: events, and the names of organisations."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import OrganisationChangedV1, OrganisationVerifiedV1
from contracts.actors import SYSTEM
from contracts.orders.events import EventPublishedV1
from services.notify.store import happenings, wishes
from services.notify.store.messages import POSTMAN

PURPOSE = "order_guidance"
STORAGE_LIMITATION = "storage_limitation"
ORGANISER_SERVICE = "organiser_service"


class LearnEvent:
    """Takes over an event's facts; a lower version changes nothing."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[EventPublishedV1]) -> None:
        """Hear of an event, new or changed; the term of its papers and wishes counts from its end.

        Terms are set again when the event comes again: a crash between the two transactions loses neither.
        """
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard) and await happenings.learn(tx, heard.event):
                tx.ring(POSTMAN)
        async with self._work(STORAGE_LIMITATION, SYSTEM) as tx:
            await happenings.count_terms(tx, heard.event.event)
            await wishes.count_terms(tx, heard.event.event)


class LearnOrganisation:
    """Takes over an organisation's public name, for the mails about what it presents with the house."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[OrganisationVerifiedV1] | Heard[OrganisationChangedV1]) -> None:
        """Hear of an organisation; a lower version changes nothing."""
        told = heard.event
        async with self._work(ORGANISER_SERVICE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await happenings.learn_organisation(tx, told.organisation, told.name, told.version)


class CountTerms:
    """Sets the term of papers that were written at the same instant as their event's facts."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Find papers without an end whose event is known."""
        async with self._work(STORAGE_LIMITATION, SYSTEM) as tx:
            for event in await happenings.without_term(tx):
                await happenings.count_terms(tx, event)
