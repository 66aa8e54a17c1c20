"""Sessions and attempts that ran out are forgotten, as the charter's terms say (W-20)."""

from chassis.clock import Clock
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.accounts.store import sessions


class ExpireSessions:
    """The job `expire_sessions` of the charter."""

    def __init__(self, work: Workplace, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def __call__(self) -> None:
        """Forget sessions whose end has passed."""
        await sessions.expire(self._work.once("storage_limitation", SYSTEM), self._clock.now())


class ForgetAttempts:
    """The job `forget_attempts` of the charter."""

    def __init__(self, work: Workplace, clock: Clock, term: str) -> None:
        """`term` is the charter's, as an ISO 8601 duration."""
        self._work = work
        self._clock = clock
        self._term = term

    async def __call__(self) -> None:
        """Forget attempts older than the term."""
        sql = self._work.once("storage_limitation", SYSTEM)
        await sessions.forget_attempts(sql, self._clock.now(), self._term)
