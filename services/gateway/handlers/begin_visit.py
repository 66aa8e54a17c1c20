"""A visitor begins to choose: the first moment at which a functional cookie is needed (G-70)."""

from uuid import uuid4

from contracts.actors import SYSTEM
from services.gateway.domain.session import Session, guest
from services.gateway.handlers.desk import Cookie, Desk, fresh_cookie
from services.gateway.store import sessions


async def begin_visit(desk: Desk) -> tuple[Session, Cookie]:
    """A new guest session and its cookie."""
    cookie = fresh_cookie()
    now = desk.clock.now()
    session = guest(cookie.id_hash, uuid4(), now)
    await sessions.add(desk.work.once("order_guidance", SYSTEM), desk.seal, session, now)
    desk.guests.meet(session, now)
    return session, cookie
