"""Stand in line for an event, before its sale or in a crowd (F-73)."""

from contracts.orders.api import EventSummary
from services.gateway.domain.session import Session
from services.gateway.domain.waiting_ticket import Standing
from services.gateway.handlers.begin_visit import begin_visit
from services.gateway.handlers.desk import Cookie, Desk
from services.gateway.handlers.see_place import standing_of
from services.gateway.neighbours.declined import Declined


async def stand_in_line(
    desk: Desk, event: EventSummary, session: Session | None
) -> tuple[Standing, Cookie | None] | Declined:
    """How the visit stands, with its cookie where it begins here; declined where no line is or will be."""
    early = desk.clock.now() < event.on_sale_from - desk.waiting.limits.lobby
    if early or event.state in ("past", "closed"):
        return Declined.ours("no-waiting-room", 409)
    cookie = None
    if session is None:
        session, cookie = await begin_visit(desk)
    ticket = await desk.waiting.enter(event.id, event.on_sale_from, session)
    return standing_of(desk, event, ticket), cookie
