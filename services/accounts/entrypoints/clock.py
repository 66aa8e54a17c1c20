"""The door for the clock."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.accounts.handlers.announce_organisations import AnnounceOrganisations
from services.accounts.handlers.answer_requests import AnswerRequests
from services.accounts.handlers.ask_for_letter import ANSWER_REQUESTS
from services.accounts.handlers.end_young_consents import END_YOUNG_CONSENTS, EndYoungConsents
from services.accounts.handlers.expire_consents import ExpireConsents
from services.accounts.handlers.forget_expired import (
    ExpireSessions,
    ForgetArrivals,
    ForgetAttempts,
    ForgetChallenges,
    ForgetInvitations,
    ForgetLetters,
)
from services.accounts.handlers.reseal_factors import ResealFactors


@dataclass(frozen=True, slots=True)
class ByItself:
    """What accounts does by itself beside keeping its terms."""

    answer: AnswerRequests
    expire_consents: ExpireConsents
    end_young_consents: EndYoungConsents
    reseal: ResealFactors


def timers(work: Workplace, clock: Clock, charter: Charter, own: ByItself) -> tuple[Timer, ...]:
    """What accounts does by itself. Names of jobs are those of the charter's terms."""

    async def expire() -> None:
        await expire_technical(work)

    keep = charter.keep
    return (
        Timer(ANSWER_REQUESTS, timedelta(seconds=2), own.answer),
        Timer(
            "forget_letters",
            timedelta(minutes=10),
            ForgetLetters(work, clock, keep["letter_request"].term),
        ),
        Timer("forget_arrivals", timedelta(minutes=10), ForgetArrivals(work, clock, keep["arrival"].term)),
        Timer("forget_invitations", timedelta(minutes=10), ForgetInvitations(work, clock)),
        Timer(JOB, EVERY, expire),
        Timer("expire_consents", timedelta(minutes=1), own.expire_consents),
        Timer(END_YOUNG_CONSENTS, timedelta(minutes=1), own.end_young_consents),
        Timer("announce_organisations", timedelta(seconds=2), AnnounceOrganisations(work)),
        Timer("reseal_factors", timedelta(minutes=1), own.reseal),
        Timer("forget_challenges", timedelta(minutes=1), ForgetChallenges(work, clock)),
        Timer("expire_sessions", timedelta(minutes=1), ExpireSessions(work, clock)),
        Timer(
            "forget_attempts",
            timedelta(minutes=10),
            ForgetAttempts(work, clock, keep["attempt"].term),
        ),
    )
