"""Log out elsewhere: one session, or every other one; the gateway forgets them within a second or two."""

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.api import EndSessions
from services.accounts.store import sessions
from services.accounts.visiting import end_all_but, hashed


class EndOwnSessions:
    """POST /account/sessions."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """204, also where it had ended before; or session-ended. Nobody ends a stranger's session."""
        asked: EndSessions = call.body
        async with self._work("account", call.actor) as tx:
            own = await sessions.own(tx, hashed(asked.secret), tx.now)
            if own is None:
                return Refused("session-ended")
            kept = own.session if asked.session != own.session else None
            await end_all_but(tx, own.subject, kept, asked.session)
        return Answer(None, status=204)
