"""The signed link of a mail becomes a session, so that the link stays in no history (W-40 to W-45)."""

from contracts.actors import SYSTEM
from services.gateway.domain.session import Session, rights
from services.gateway.handlers.desk import Cookie, Desk, fresh_cookie
from services.gateway.store import sessions


async def follow_link(desk: Desk, token: str) -> tuple[Session, Cookie, str] | None:
    """A rights session, its cookie and the reader's language; None where the link counts no longer."""
    link = desk.links.read(token, desk.clock.now())
    if link is None:
        return None
    cookie = fresh_cookie()
    now = desk.clock.now()
    session = rights(cookie.id_hash, link.subject, now)
    await sessions.add(desk.work.once("order_guidance", SYSTEM), desk.seal, session, now)
    return session, cookie, link.locale
