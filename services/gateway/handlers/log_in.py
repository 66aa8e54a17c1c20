"""Log in: accounts checks who it is, the gateway keeps the session."""

from contracts import accounts
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Cookie, Desk
from services.gateway.handlers.enter import enter
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined


async def log_in(desk: Desk, question: Question, before: Session | None) -> tuple[Session, Cookie] | Declined:
    """A session with a fresh cookie, whatever accounts opens one for: a password, or a letter.

    The one before ends; a visitor's basket and place in line go along.
    """
    opened = await desk.neighbours.ask(question, accounts.api.Session)
    return opened if isinstance(opened, Declined) else await enter(desk, opened, before)
