"""The second step of a log-in: a code of an app, or a recovery code (G-71)."""

from uuid import UUID

from chassis.clock import Clock
from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Session
from contracts.accounts.factors import AnswerChallenge
from services.accounts.domain.entrance import Lengths, with_factor
from services.accounts.handlers.prove_factor import ProvedFactor, ProveFactor
from services.accounts.ordering import order_notice
from services.accounts.store import factors
from services.accounts.visiting import hashed, note_arrival, open_session

OVER = Refused("challenge-over")


class AnswerLogIn:
    """POST /sessions/factor."""

    def __init__(self, work: Workplace, prove: ProveFactor, lengths: Lengths, clock: Clock) -> None:
        self._work = work
        self._prove = prove
        self._lengths = lengths
        self._clock = clock

    async def __call__(self, call: Call) -> Session | Refused:
        """A session; or challenge-over, code-wrong, too-many-attempts."""
        asked: AnswerChallenge = call.body
        token = hashed(asked.challenge)
        sql, now = self._work.once("account", call.actor), self._clock.now()
        found = await factors.find(sql, token, "log_in", now)
        if found is None or found.subject is None:
            return OVER
        code = asked.code.get_secret_value()
        proved = await self._prove(call.actor, found.subject, code, asked.origin)
        if isinstance(proved, Refused):
            return proved
        session = await self._opened(call, token, found.subject, proved.value)
        if session is None:
            return OVER
        async with self._work("security", call.actor) as tx:
            await note_arrival(tx, session, asked.origin)
        return session

    async def _opened(self, call: Call, token: bytes, subject: UUID, proved: ProvedFactor) -> Session | None:
        async with self._work("account", call.actor) as tx:
            if not await factors.answered(tx, token):
                return None
            entrance = with_factor(proved.method)
            session = await open_session(tx, subject, self._lengths, entrance, proved.tried.keeps)
            if session is not None and proved.tried.new:
                await order_notice(tx, subject, "new_device")
            return session
