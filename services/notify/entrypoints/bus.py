"""The door for events."""

from __future__ import annotations

from typing import Any

from chassis.gathering import Listener
from chassis.heard import Subscription
from chassis.work import Workplace
from contracts.accounts.events import (
    ContactSetV1,
    LetterOrderedV1,
    OrganisationChangedV1,
    OrganisationVerifiedV1,
    PersonCorrectedV1,
    WishAddedV1,
    WishRemovedV1,
)
from contracts.orders.events import (
    AvailabilityChangedV1,
    BuyerNamedV1,
    EventChangedV1,
    EventPublishedV1,
    HoldersNamedV1,
    OrderChargedBackV1,
    OrderReinstatedV1,
    PaymentFailedV1,
    RefundSentV1,
    SaleOpenedV1,
    TicketsIssuedV1,
    TicketsSentAgainV1,
)
from contracts.retention.events import (
    DecisionReviewedV1,
    ErasureTellingV1,
    ObjectionDecidedV1,
    RestrictionEndingV1,
)
from services.notify.handlers.learn_contact import (
    OPERATION,
    RIGHTS,
    LearnContacts,
    of_correction,
    of_set,
)
from services.notify.handlers.learn_event import ORGANISER_SERVICE, LearnEvent, LearnOrganisation
from services.notify.handlers.learn_wishes import learn_wishes
from services.notify.handlers.name_holders import NameHolders
from services.notify.handlers.plan_messages import ORDER_GUIDANCE as GUIDANCE
from services.notify.handlers.plan_messages import SendTicketsAgain, TellOfFailedPayment, keep_tickets
from services.notify.handlers.plan_reminders import PURPOSE as REMINDERS
from services.notify.handlers.plan_reminders import PlanReminders
from services.notify.handlers.take_account_letter import TakeLetter
from services.notify.handlers.take_review import TakeReview
from services.notify.handlers.tell_of_ending import TellOfEnding
from services.notify.handlers.tell_of_erasure import TellOfErasure
from services.notify.handlers.tell_of_money import TellOfMoney
from services.notify.handlers.tell_of_objection import TellOfObjection


def subscriptions(work: Workplace, tell: TellOfErasure) -> tuple[Subscription, ...]:
    """What notify hears; gates, copies, sweeps and anonymisation are the chassis'.

    notify goes last in an erasure: it hears that a person must be told, not that others must erase.
    """
    contact = Listener[Any](work, OPERATION, LearnContacts(of_set))
    correction = Listener[Any](work, RIGHTS, LearnContacts(of_correction))
    tickets = Listener(work, GUIDANCE, keep_tickets)
    money = TellOfMoney(work)
    return (
        contact.hears(BuyerNamedV1),
        contact.hears(ContactSetV1),
        correction.hears(PersonCorrectedV1),
        Subscription(EventPublishedV1, GUIDANCE, LearnEvent(work)),
        Subscription(OrganisationVerifiedV1, ORGANISER_SERVICE, LearnOrganisation(work)),
        Subscription(OrganisationChangedV1, ORGANISER_SERVICE, LearnOrganisation(work)),
        tickets.hears(TicketsIssuedV1),
        Subscription(TicketsSentAgainV1, GUIDANCE, SendTicketsAgain(work)),
        Subscription(HoldersNamedV1, GUIDANCE, NameHolders(work)),
        Subscription(PaymentFailedV1, GUIDANCE, TellOfFailedPayment(work)),
        Subscription(RefundSentV1, GUIDANCE, money.refund),
        Subscription(OrderChargedBackV1, GUIDANCE, money.charged_back),
        Subscription(OrderReinstatedV1, GUIDANCE, money.reinstated),
        *_of_wishes(work),
        Subscription(LetterOrderedV1, "account", TakeLetter(work)),
        Subscription(ErasureTellingV1, RIGHTS, tell),
        Subscription(RestrictionEndingV1, RIGHTS, TellOfEnding(work)),
        Subscription(ObjectionDecidedV1, RIGHTS, TellOfObjection(work)),
        Subscription(DecisionReviewedV1, RIGHTS, TakeReview(work)),
    )


def _of_wishes(work: Workplace) -> tuple[Subscription, ...]:
    """Lists as accounts tells them, and what happens to events that stand on them."""
    listed, remind = Listener[Any](work, "wish_list", learn_wishes), PlanReminders(work)
    return (
        listed.hears(WishAddedV1),
        listed.hears(WishRemovedV1),
        Subscription(SaleOpenedV1, REMINDERS, remind.sale),
        Subscription(EventChangedV1, REMINDERS, remind.move),
        Subscription(AvailabilityChangedV1, REMINDERS, remind.availability),
    )
