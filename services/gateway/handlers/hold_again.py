"""After their time: the same places again, or as many that the house picks (F-05)."""

from uuid import UUID

from contracts.orders.api import Hold, HoldAgain
from services.gateway.domain.session import Session
from services.gateway.handlers.begin_draft import begin_draft
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.pass_waiting_room import pass_waiting_room
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts


async def hold_again(
    desk: Desk, session: Session, hold: UUID, wanted: HoldAgain, language: str
) -> Hold | Declined:
    """A new hold like one of theirs that is over, with what was typed; first comes the waiting room."""
    sql = desk.work.once("order_guidance", session.buyer)
    draft = await drafts.find(sql, session.id_hash, hold, desk.clock.now())
    if draft is None:
        return Declined.ours("no-such-draft", 404)
    event = await desk.programme.titled(draft.event_slug)
    refused = None if event is None else await pass_waiting_room(desk, session, event.id)
    if refused is not None:
        return refused
    acting = Acting(session, session.subject)
    question = Question("orders", "POST", f"/holds/{hold}/again", acting, wanted, language=language)
    held = await desk.neighbours.ask(question, Hold)
    if isinstance(held, Hold):
        desk.waiting.has_chosen(held.event.id, session)
        await begin_draft(desk, session, held)
    return held
