"""Nobody holds places before it is their turn; in quiet times that is at once (F-73)."""

from uuid import UUID

from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.see_place import standing_of
from services.gateway.neighbours.declined import Declined


async def pass_waiting_room(desk: Desk, session: Session, event: UUID) -> Declined | None:
    """None where this session may choose now; else why it waits: `waiting`, or `waiting-early` for a draw.

    The box office never waits. Of an event that is unknown, or whose sale is far away, orders will say so.
    """
    show, now = await desk.programme.event(event), desk.clock.now()
    if session.actor.role is Role.BOX_OFFICE or show is None:
        return None
    if now < show.on_sale_from - desk.waiting.limits.lobby:
        return None
    ticket = await desk.waiting.enter(event, show.on_sale_from, session)
    stands = standing_of(desk, show, ticket)
    if stands.state == "in":
        return None
    if stands.state == "early":
        opens = show.on_sale_from.isoformat()
        return Declined.ours("waiting-early", 429, opens_at=opens, retry_after=stands.again)
    told = {} if stands.minutes is None else {"minutes": stands.minutes}
    return Declined.ours("waiting", 429, ahead=stands.ahead, retry_after=stands.again, **told)
