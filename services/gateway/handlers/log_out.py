"""Log out: the session ends here and at accounts."""

from contracts.accounts.api import EndSession
from contracts.actors import SYSTEM
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.store import sessions


async def log_out(desk: Desk, session: Session) -> None:
    """End a session; an accounts service that is away ends its own half by its term."""
    await sessions.remove(desk.work.once("order_guidance", SYSTEM), session.id_hash)
    desk.book.forget(session)
    desk.guests.forget(session)
    if session.secret is not None:
        body = EndSession(secret=session.secret)
        await desk.neighbours.tell(Question("accounts", "DELETE", "/sessions", body=body))
