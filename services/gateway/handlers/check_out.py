"""Check out: from a draft to an order that can be paid."""

from dataclasses import dataclass

from contracts.orders.api import Checkout, Order
from services.gateway.domain.draft import Typed
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting


@dataclass(frozen=True)
class Placing:
    """A checkout as it came, with the key under which it may be repeated."""

    checkout: Checkout
    key: str
    language: str


async def check_out(desk: Desk, session: Session, placing: Placing) -> Order | Declined:
    """The order, ready to be paid; repeated with the same key it is the same order.

    What was typed is kept before orders is asked, so that a refusal or a crash loses nothing. The draft
    itself stays for its two hours: a repeated checkout must find the same person.
    """
    checkout = placing.checkout
    typed = Typed(checkout.name, checkout.email, checkout.phone or "", checkout.locale)
    draft = await desk.visits.keep_typed(session.id_hash, checkout.hold, typed)
    if draft is None:
        return Declined.ours("no-such-draft", 404)
    question = Question(
        "orders",
        "POST",
        "/orders",
        Acting(session, draft.subject),
        checkout,
        language=placing.language,
        key=placing.key,
    )
    order = await desk.neighbours.ask(question, Order)
    if not isinstance(order, Declined):
        await desk.visits.ordered(order.id, draft)
    return order
