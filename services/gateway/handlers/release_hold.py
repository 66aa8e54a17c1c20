"""Give places back before their time."""

from uuid import UUID

from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts


async def release_hold(desk: Desk, session: Session, hold: UUID, language: str) -> Declined | None:
    """None where the places are free again; the refusal where they are not this visitor's."""
    sql = desk.work.once("order_guidance", session.buyer)
    if await drafts.find(sql, session.id_hash, hold, desk.clock.now()) is None:
        return Declined.ours("no-such-draft", 404)
    question = Question("orders", "DELETE", f"/holds/{hold}", Acting(session), language=language)
    refused = await desk.neighbours.tell(question)
    if refused is None:
        await drafts.remove(sql, hold)
    return refused
