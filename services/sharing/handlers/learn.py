"""Keeps replicas: what is public about events, and the names of organisations."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import (
    OrganisationChangedV1,
    OrganisationSuspendedV1,
    OrganisationVerifiedV1,
)
from contracts.actors import SYSTEM
from contracts.orders.events import EventPublishedV1
from services.sharing.domain.purposes import ADMINISTRATION
from services.sharing.handlers.acting import for_organisation
from services.sharing.store import agreements, happenings

ORGANISER_SERVICE = "organiser_service"


class LearnEvent:
    """Hears orders.event.published."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[EventPublishedV1]) -> None:
        """Take over an event's facts; a lower version changes nothing."""
        async with self._work(ADMINISTRATION, for_organisation(heard.event.organisation)) as tx:
            if await tx.first_sight_of(heard):
                await happenings.learn(tx, heard.event)


class LearnOrganisation:
    """Hears accounts.organisation.verified, .changed and .suspended."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(
        self,
        heard: Heard[OrganisationVerifiedV1] | Heard[OrganisationChangedV1] | Heard[OrganisationSuspendedV1],
    ) -> None:
        """Take over its name, and whether it may be told of buyers; a lower version changes nothing."""
        async with self._work(ORGANISER_SERVICE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await agreements.learn_organisation(tx, heard.event)
