"""The signed link of a mail becomes a session, so that the link stays in no history (W-40 to W-45)."""

from contracts.actors import SYSTEM
from services.gateway.domain.session import Session, rights
from services.gateway.handlers.desk import Cookie, Desk, fresh_cookie
from services.gateway.store import sessions


async def follow_link(desk: Desk, token: str) -> tuple[Session, Cookie, str] | None:
    """A rights session, its cookie and the reader's language; None where the link counts no longer,
    or its person was forgotten: a link outlives an erasure."""
    link = desk.links.read(token, desk.clock.now())
    if link is None:
        return None
    cookie = fresh_cookie()
    async with desk.work("order_guidance", SYSTEM) as tx:
        if not await tx.remembers(link.subject):
            return None
        session = rights(cookie.id_hash, link.subject, tx.now)
        await sessions.add(tx, desk.seal, [session], tx.now)
    return session, cookie, link.locale
