"""Whoever changes how an account is opened: the password, and the second factor, shown a moment ago.

A password that was overheard, in a session that was left open, moves no account that has a second factor.
Where there is none the password is enough.
"""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.decision import Accepted, Refused
from chassis.routes import Call
from chassis.work import Workplace
from services.accounts.domain.entrance import fresh
from services.accounts.handlers.prove_password import ProvePassword
from services.accounts.store import factors
from services.accounts.store.sessions import Own


class ProveOwner:
    """Checks a session, its password and how fresh its proof is."""

    def __init__(self, work: Workplace, prove: ProvePassword, clock: Clock, fresh_for: timedelta) -> None:
        self._work = work
        self._prove = prove
        self._clock = clock
        self._fresh_for = fresh_for

    async def __call__(self, call: Call, secret: str, password: str) -> Accepted[Own] | Refused:
        """Whose session it is; or step-up-needed, or why the password proves nothing."""
        proved = await self._prove(call, secret, password)
        if isinstance(proved, Refused):
            return proved
        own = proved.value
        if not await factors.methods(self._work.once("account", call.actor), own.subject):
            return proved
        recent = fresh(own.proved_at, self._clock.now(), self._fresh_for)
        return recent if isinstance(recent, Refused) else proved
