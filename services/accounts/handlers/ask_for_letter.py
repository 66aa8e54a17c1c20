"""Someone asks for a letter: to open an account, or because a password was forgotten.

The request is only put down; whether the address is known is looked up by the clock. So asking gives the same
answer after the same work for every address, and tells nobody who has an account here.
"""

from typing import Literal
from uuid import uuid4

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.api import AskLetter
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.store import letters
from services.accounts.store.letters import Request

ANSWER_REQUESTS = "answer_requests"


class AskForLetter:
    """POST /registrations and POST /password-resets."""

    def __init__(self, work: Workplace, guard: Guard, kind: Literal["register", "reset"]) -> None:
        self._work = work
        self._guard = guard
        self._kind = kind

    async def __call__(self, call: Call) -> Answer | Refused:
        """202; or too-many-attempts, where one place on the network asks for letters without end."""
        asked: AskLetter = call.body
        if asked.origin.address is not None:
            allowed = await self._guard.may_ask(call.actor, f"letters\0{asked.origin.address}")
            if isinstance(allowed, Refused):
                return allowed
        async with self._work("account", call.actor) as tx:
            await letters.ask(tx, Request(uuid4(), self._kind, str(asked.email), asked.locale), tx.now)
            tx.ring(ANSWER_REQUESTS)
        return Answer(None, status=202)
