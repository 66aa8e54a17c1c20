"""Log out: the session ends here, for whoever still holds its secret."""

from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.api import EndSession
from services.accounts.store import sessions
from services.accounts.visiting import hashed


class EndOneSession:
    """DELETE /sessions."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer:
        """204, also where the session had ended before: it is gone either way."""
        asked: EndSession = call.body
        await sessions.end(self._work.once("account", call.actor), hashed(asked.secret))
        return Answer(None, status=204)
