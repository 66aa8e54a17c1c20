"""As whom this session may see an order."""

from uuid import UUID

from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import guest_orders


async def act_for_order(desk: Desk, session: Session, order: UUID) -> Acting:
    """The guest who placed it in this session; otherwise the session itself, and orders decides."""
    return Acting(session, await desk.visits.whose(session.id_hash, order))


async def act_for_self(desk: Desk, session: Session) -> Acting:
    """The person whose data this session may see: a guest is whoever placed the newest order here."""
    if session.kind != "guest":
        return Acting(session)
    sql = desk.work.once("order_guidance", session.buyer)
    subject = await guest_orders.newest_subject(sql, session.id_hash, desk.clock.now())
    return Acting(session, subject)
