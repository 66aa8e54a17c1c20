"""A visitor begins to choose: the first moment at which a functional cookie is needed (G-70)."""

from uuid import uuid4

from services.gateway.domain.session import Session, guest
from services.gateway.handlers.desk import Cookie, Desk, fresh_cookie


async def begin_visit(desk: Desk) -> tuple[Session, Cookie]:
    """A new guest session and its cookie."""
    cookie = fresh_cookie()
    now = desk.clock.now()
    session = guest(cookie.id_hash, uuid4(), now)
    await desk.visits.begin(session)
    desk.guests.meet(session, now)
    return session, cookie
