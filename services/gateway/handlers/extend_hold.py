"""Keep places longer, once (F-05)."""

from uuid import UUID

from contracts.orders.api import Hold
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts


async def extend_hold(desk: Desk, session: Session, hold: UUID, language: str) -> Hold | Declined:
    """The hold with its extension, however often it is asked for; no-such-draft where it is not theirs."""
    sql = desk.work.once("order_guidance", session.buyer)
    if await drafts.find(sql, session.id_hash, hold, desk.clock.now()) is None:
        return Declined.ours("no-such-draft", 404)
    question = Question("orders", "PUT", f"/holds/{hold}/extension", Acting(session), language=language)
    held = await desk.neighbours.ask(question, Hold)
    if isinstance(held, Hold):
        await drafts.hold_until(sql, held.id, held.expires_at)
    return held
