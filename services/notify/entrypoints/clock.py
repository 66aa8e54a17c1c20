"""The door for the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.notify.handlers.learn_event import CountTerms
from services.notify.store.account_letters import POSTMAN as ACCOUNT_POSTMAN
from services.notify.store.messages import LAST_POSTMAN, POSTMAN
from services.notify.store.notices import POSTMAN as NOTICE_POSTMAN
from services.notify.store.reminders import POSTMAN as REMINDER_POSTMAN
from services.notify.store.review_letters import POSTMAN as REVIEW_POSTMAN

A_SECOND = timedelta(seconds=1)
Postmen = Mapping[str, Callable[[], Awaitable[None]]]
"""Who sends, by the name of the timer."""


def timers(work: Workplace, postmen: Postmen) -> tuple[Timer, ...]:
    """What notify does by itself."""

    async def tidy() -> None:
        await expire_technical(work)

    return (
        Timer(POSTMAN, A_SECOND, postmen[POSTMAN]),
        Timer(LAST_POSTMAN, A_SECOND, postmen[LAST_POSTMAN]),
        Timer(NOTICE_POSTMAN, A_SECOND, postmen[NOTICE_POSTMAN]),
        Timer(ACCOUNT_POSTMAN, A_SECOND, postmen[ACCOUNT_POSTMAN]),
        Timer(REVIEW_POSTMAN, A_SECOND, postmen[REVIEW_POSTMAN]),
        Timer(REMINDER_POSTMAN, A_SECOND, postmen[REMINDER_POSTMAN]),
        Timer("count_terms", timedelta(minutes=1), CountTerms(work)),
        Timer(JOB, EVERY, tidy),
    )
