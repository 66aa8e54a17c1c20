"""What other services said and orders keeps: organisations, agreements, corrected persons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import (
    OrganisationChangedV1,
    OrganisationSuspendedV1,
    OrganisationVerifiedV1,
    PersonCorrectedV1,
)
from contracts.actors import SYSTEM
from contracts.orders.events import AttendeeCorrectedV1
from contracts.retention.events import DecisionReviewedV1
from contracts.sharing.events import AgreementInForceV1
from services.orders.domain.disclosure import Correction, what_to_correct
from services.orders.store import disclosures, limits


class HearNeighbours:
    """Handlers of the bus; each is carried out once per event."""

    def __init__(self, work: Workplace, catch_up: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._catch_up = catch_up

    async def organisation(
        self,
        heard: Heard[OrganisationVerifiedV1] | Heard[OrganisationChangedV1] | Heard[OrganisationSuspendedV1],
    ) -> None:
        """Keep an organisation's public name, and whether it may sell."""
        async with self._work("organiser_service", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await disclosures.keep_organisation(tx, heard.event)

    async def agreement(self, heard: Heard[AgreementInForceV1]) -> None:
        """Keep an agreement, then announce those who bought before it began."""
        acting = replace(SYSTEM, organisation=heard.event.organisation)
        async with self._work("co_presentation_administration", acting) as tx:
            if not await tx.first_sight_of(heard):
                return
            await disclosures.keep_agreement(tx, heard.event)
        await self._catch_up()

    async def decision_reviewed(self, heard: Heard[DecisionReviewedV1]) -> None:
        """A person looked again: the places that they gave on top of a limit count from now on."""
        async with self._work("rights", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await limits.grant(tx, heard.event.decision, heard.event.granted)

    async def person_corrected(self, heard: Heard[PersonCorrectedV1]) -> None:
        """Correct every order of a person, and tell co-presenters what of it they hold (X-02)."""
        event = heard.event
        async with self._work("rights", SYSTEM) as tx:
            if not await tx.first_sight_of(heard) or not await disclosures.correct(tx, event):
                return
            told = await disclosures.told_of(tx, event.subject)
            changed = what_to_correct(told, Correction(event.name, event.email))
            if not changed.empty:
                await tx.announce(
                    AttendeeCorrectedV1(
                        subject=event.subject,
                        version=event.version,
                        name=changed.name,
                        email=changed.email,
                    )
                )
