"""The door for the clock."""

from datetime import timedelta

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.accounts.handlers.announce_organisations import AnnounceOrganisations
from services.accounts.handlers.forget_expired import ExpireSessions, ForgetAttempts


def timers(work: Workplace, clock: Clock, charter: Charter) -> tuple[Timer, ...]:
    """What accounts does by itself. Names of jobs are those of the charter's terms."""

    async def expire() -> None:
        await expire_technical(work)

    return (
        Timer(JOB, EVERY, expire),
        Timer("announce_organisations", timedelta(seconds=2), AnnounceOrganisations(work)),
        Timer("expire_sessions", timedelta(minutes=1), ExpireSessions(work, clock)),
        Timer(
            "forget_attempts",
            timedelta(minutes=10),
            ForgetAttempts(work, clock, charter.keep["attempt"].term),
        ),
    )
