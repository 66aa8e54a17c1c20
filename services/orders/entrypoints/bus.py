"""The door for events."""

from __future__ import annotations

from chassis.heard import Subscription
from contracts.accounts.events import (
    OrganisationChangedV1,
    OrganisationSuspendedV1,
    OrganisationVerifiedV1,
    PersonCorrectedV1,
)
from contracts.retention.events import DecisionReviewedV1
from contracts.sharing.events import AgreementInForceV1
from services.orders.handlers.hear_neighbours import HearNeighbours


def subscriptions(hear: HearNeighbours) -> tuple[Subscription, ...]:
    """What orders hears from accounts and sharing; choices and forgetting are the chassis'."""
    return (
        Subscription(OrganisationVerifiedV1, "organiser_service", hear.organisation),
        Subscription(OrganisationChangedV1, "organiser_service", hear.organisation),
        Subscription(OrganisationSuspendedV1, "organiser_service", hear.organisation),
        Subscription(AgreementInForceV1, "co_presentation_administration", hear.agreement),
        Subscription(PersonCorrectedV1, "rights", hear.person_corrected),
        Subscription(DecisionReviewedV1, "rights", hear.decision_reviewed),
    )
