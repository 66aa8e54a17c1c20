"""The door for events."""

from chassis.heard import Subscription
from chassis.work import Workplace
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1
from services.accounts.handlers.keep_choice import KeepCheckoutChoice
from services.accounts.handlers.name_buyer import NameBuyer


def subscriptions(work: Workplace) -> tuple[Subscription, ...]:
    """What accounts hears from the shop."""
    return (
        Subscription(BuyerNamedV1, "problem_care", NameBuyer(work)),
        Subscription(ChoiceMadeV1, "keeping_choices", KeepCheckoutChoice(work)),
    )
