"""Who is this? The session behind a cookie."""

from services.gateway.domain.session import Session, hashed
from services.gateway.handlers.desk import Desk


async def find_session(desk: Desk, cookie: str | None) -> Session | None:
    """The session of a cookie, or None where there is none or its time is over."""
    if not cookie or len(cookie) > 200:
        return None
    id_hash, now = hashed(cookie), desk.clock.now()
    found = desk.guests.find(id_hash, now)
    if found is None:
        found = await desk.visits.find(id_hash)
        if found is not None:
            desk.guests.meet(found, now)
    return None if found is None or found.is_over(now) else found
