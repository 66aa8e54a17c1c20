"""Sessions, attempts, letters and log-ins that ran out are forgotten, as the charter's terms say (W-20)."""

from chassis.clock import Clock
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.accounts.store import devices, factors, letters, sessions, team


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


class ForgetLetters:
    """The job `forget_letters` of the charter."""

    def __init__(self, work: Workplace, clock: Clock, term: str) -> None:
        """`term` is that of requests, as an ISO 8601 duration; letters carry their own end."""
        self._work = work
        self._clock = clock
        self._term = term

    async def __call__(self) -> None:
        """Forget letters and requests whose time is over."""
        async with self._work("storage_limitation", SYSTEM) as tx:
            await letters.forget(tx, self._clock.now(), self._term)


class ForgetArrivals:
    """The job `forget_arrivals` of the charter: devices and log-ins (G-11)."""

    def __init__(self, work: Workplace, clock: Clock, term: str) -> None:
        """`term` is the charter's, as an ISO 8601 duration."""
        self._work = work
        self._clock = clock
        self._term = term

    async def __call__(self) -> None:
        """Forget devices and log-ins older than the term."""
        async with self._work("storage_limitation", SYSTEM) as tx:
            await devices.forget(tx, self._clock.now(), self._term)


class ForgetInvitations:
    """The job `forget_invitations` of the charter: an invitation carries its own end."""

    def __init__(self, work: Workplace, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def __call__(self) -> None:
        """Forget invitations whose time is over."""
        await team.expire(self._work.once("storage_limitation", SYSTEM), self._clock.now())


class ForgetChallenges:
    """The job `forget_challenges` of the charter."""

    def __init__(self, work: Workplace, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def __call__(self) -> None:
        """Forget questions that nobody answered in time."""
        await factors.forget(self._work.once("storage_limitation", SYSTEM), self._clock.now())
