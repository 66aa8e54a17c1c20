"""The door for the clock."""

from __future__ import annotations

from datetime import timedelta

from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.notify.handlers.learn_event import CountTerms
from services.notify.handlers.send_account_letters import SendAccountLetters
from services.notify.handlers.send_messages import SendMessages
from services.notify.handlers.send_notices import SendNotices
from services.notify.handlers.send_reviews import SendReviews
from services.notify.handlers.tell_of_erasure import SendLastLetters
from services.notify.store.account_letters import POSTMAN as ACCOUNT_POSTMAN
from services.notify.store.messages import LAST_POSTMAN, POSTMAN
from services.notify.store.notices import POSTMAN as NOTICE_POSTMAN
from services.notify.store.review_letters import POSTMAN as REVIEW_POSTMAN


def timers(
    work: Workplace,
    send: SendMessages,
    send_last: SendLastLetters,
    send_account: SendAccountLetters,
    send_notices: SendNotices,
    send_reviews: SendReviews,
) -> tuple[Timer, ...]:
    """What notify does by itself."""

    async def tidy() -> None:
        await expire_technical(work)

    return (
        Timer(POSTMAN, timedelta(seconds=1), send),
        Timer(LAST_POSTMAN, timedelta(seconds=1), send_last),
        Timer(NOTICE_POSTMAN, timedelta(seconds=1), send_notices),
        Timer(ACCOUNT_POSTMAN, timedelta(seconds=1), send_account),
        Timer(REVIEW_POSTMAN, timedelta(seconds=1), send_reviews),
        Timer("count_terms", timedelta(minutes=1), CountTerms(work)),
        Timer(JOB, EVERY, tidy),
    )
