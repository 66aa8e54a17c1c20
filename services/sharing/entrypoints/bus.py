"""The door for events."""

from __future__ import annotations

from chassis.heard import Subscription
from chassis.work import Workplace
from contracts.accounts.events import (
    OrganisationChangedV1,
    OrganisationSuspendedV1,
    OrganisationVerifiedV1,
)
from contracts.orders.events import AttendeeCorrectedV1, AttendeeRegisteredV1, EventPublishedV1
from services.sharing.domain.purposes import ADMINISTRATION
from services.sharing.handlers.correct_attendee import CorrectAttendee
from services.sharing.handlers.learn import ORGANISER_SERVICE, LearnEvent, LearnOrganisation
from services.sharing.handlers.register_attendee import OPERATION, RegisterAttendee


def subscriptions(work: Workplace) -> tuple[Subscription, ...]:
    """What sharing hears from orders and accounts; choices and forgetting are the chassis'."""
    return (
        Subscription(EventPublishedV1, ADMINISTRATION, LearnEvent(work)),
        Subscription(AttendeeRegisteredV1, OPERATION, RegisterAttendee(work)),
        Subscription(AttendeeCorrectedV1, "rights", CorrectAttendee(work)),
        Subscription(OrganisationVerifiedV1, ORGANISER_SERVICE, LearnOrganisation(work)),
        Subscription(OrganisationChangedV1, ORGANISER_SERVICE, LearnOrganisation(work)),
        Subscription(OrganisationSuspendedV1, ORGANISER_SERVICE, LearnOrganisation(work)),
    )
