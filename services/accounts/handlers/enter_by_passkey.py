"""A log-in by a passkey: no password, no user name, and nothing that a false page could collect (G-71)."""

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Session
from contracts.accounts.factors import EnterByPasskey
from services.accounts.domain.entrance import BY_PASSKEY, Lengths
from services.accounts.handlers.guard_log_in import Guard, Try
from services.accounts.handlers.prove_passkey import REFUSED, ProvePasskey
from services.accounts.ordering import order_notice
from services.accounts.visiting import note_arrival, open_session


class EnterWithPasskey:
    """POST /sessions/passkey."""

    def __init__(self, work: Workplace, guard: Guard, prove: ProvePasskey, lengths: Lengths) -> None:
        self._work = work
        self._guard = guard
        self._prove = prove
        self._lengths = lengths

    async def __call__(self, call: Call) -> Session | Refused:
        """A session; or challenge-over, passkey-refused, too-many-attempts."""
        asked: EnterByPasskey = call.body
        proved = await self._prove(call.actor, asked)
        if isinstance(proved, Refused):
            return proved
        tried = await self._guard.begin(call.actor, f"passkey\0{proved.value}", proved.value, asked.origin)
        if isinstance(tried, Refused):
            return tried
        session = await self._opened(call, proved.value, tried)
        if session is None:
            return REFUSED
        async with self._work("security", call.actor) as tx:
            await self._guard.passed(tx, tried)
            await note_arrival(tx, session, asked.origin)
        return session

    async def _opened(self, call: Call, subject: UUID, tried: Try) -> Session | None:
        async with self._work("account", call.actor) as tx:
            session = await open_session(tx, subject, self._lengths, BY_PASSKEY, tried.keeps)
            if session is not None and tried.new:
                await order_notice(tx, subject, "new_device")
            return session
