"""The door for events."""

from __future__ import annotations

from chassis.heard import Subscription
from chassis.work import Workplace
from contracts.accounts.events import (
    ContactSetV1,
    LetterOrderedV1,
    OrganisationVerifiedV1,
    PersonCorrectedV1,
)
from contracts.orders.events import (
    BuyerNamedV1,
    EventPublishedV1,
    PaymentFailedV1,
    TicketsIssuedV1,
    TicketsSentAgainV1,
)
from contracts.retention.events import ErasureTellingV1
from services.notify.handlers.learn_contact import (
    OPERATION,
    RIGHTS,
    LearnContact,
    of_correction,
    of_set,
)
from services.notify.handlers.learn_event import ORGANISER_SERVICE, LearnEvent, LearnOrganisation
from services.notify.handlers.plan_messages import ORDER_GUIDANCE as GUIDANCE
from services.notify.handlers.plan_messages import KeepTickets, SendTicketsAgain, TellOfFailedPayment
from services.notify.handlers.take_account_letter import TakeLetter
from services.notify.handlers.tell_of_erasure import TellOfErasure


def subscriptions(work: Workplace, tell: TellOfErasure) -> tuple[Subscription, ...]:
    """What notify hears; gates, copies, sweeps and anonymisation are the chassis'.

    notify goes last in an erasure: it hears that a person must be told, not that others must erase.
    """
    contact = LearnContact(work, OPERATION, of_set)
    return (
        Subscription(BuyerNamedV1, OPERATION, contact),
        Subscription(ContactSetV1, OPERATION, contact),
        Subscription(PersonCorrectedV1, RIGHTS, LearnContact(work, RIGHTS, of_correction)),
        Subscription(EventPublishedV1, GUIDANCE, LearnEvent(work)),
        Subscription(OrganisationVerifiedV1, ORGANISER_SERVICE, LearnOrganisation(work)),
        Subscription(TicketsIssuedV1, GUIDANCE, KeepTickets(work)),
        Subscription(TicketsSentAgainV1, GUIDANCE, SendTicketsAgain(work)),
        Subscription(PaymentFailedV1, GUIDANCE, TellOfFailedPayment(work)),
        Subscription(LetterOrderedV1, "account", TakeLetter(work)),
        Subscription(ErasureTellingV1, RIGHTS, tell),
    )
