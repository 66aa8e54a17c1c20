"""The door for events."""

from chassis.gathering import Listener
from chassis.heard import Subscription
from chassis.work import Workplace
from contracts.accounts.events import SubjectMergedV1
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1, EventPublishedV1
from contracts.retention.events import ObjectionDecidedV1
from services.accounts.domain.choices import Rules
from services.accounts.handlers.hear_decision import HearDecision
from services.accounts.handlers.join_choices import JoinChoices
from services.accounts.handlers.keep_choice import KeepCheckoutChoice
from services.accounts.handlers.learn_event_end import LearnEventEnd
from services.accounts.handlers.name_buyer import name_buyers


def subscriptions(work: Workplace, rules: Rules) -> tuple[Subscription, ...]:
    """What accounts hears from the shop and the privacy desk."""
    return (
        Listener(work, "problem_care", name_buyers).hears(BuyerNamedV1),
        Subscription(SubjectMergedV1, "keeping_choices", JoinChoices(work, rules)),
        Subscription(ObjectionDecidedV1, "keeping_choices", HearDecision(work, rules)),
        Subscription(EventPublishedV1, "wish_list", LearnEventEnd(work)),
        Subscription(ChoiceMadeV1, "keeping_choices", KeepCheckoutChoice(work, rules)),
    )
