"""Whoever changes how an account is opened says its password once more, and cannot guess it for long."""

from chassis.clock import Clock
from chassis.decision import Accepted, Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Origin
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.passwords import Passwords
from services.accounts.store import sessions
from services.accounts.store.sessions import Own
from services.accounts.visiting import hashed

WRONG = Refused("password-wrong")


class ProvePassword:
    """Checks a session and the password of whoever it belongs to."""

    def __init__(self, work: Workplace, passwords: Passwords, guard: Guard, clock: Clock) -> None:
        self._work = work
        self._passwords = passwords
        self._guard = guard
        self._clock = clock

    async def __call__(self, call: Call, secret: str, password: str) -> Accepted[Own] | Refused:
        """Whose session it is; or session-ended, password-wrong, too-many-attempts, log-in-busy."""
        own = await sessions.own(self._work.once("account", call.actor), hashed(secret), self._clock.now())
        if own is None:
            return Refused("session-ended")
        tried = await self._guard.begin(call.actor, own.user_key, own.subject, Origin())
        if isinstance(tried, Refused):
            return tried
        checked = await self._passwords.verify(password, own.password_hash)
        if isinstance(checked, Refused):
            return checked
        if not checked.value:
            await self._guard.failed(call.actor, tried, own.subject)
            return WRONG
        async with self._work("security", call.actor) as tx:
            await self._guard.passed(tx, tried)
        return Accepted(own)
