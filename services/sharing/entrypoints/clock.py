"""The door for the clock."""

from __future__ import annotations

from datetime import timedelta

from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.sharing.handlers.deliver import Deliver
from services.sharing.handlers.keep_secrets import KeepSecrets
from services.sharing.handlers.keep_terms import AnnounceAgreements, CountTerms, NoteOverdue
from services.sharing.store.deliveries import COURIER


def timers(work: Workplace, deliver: Deliver, keep: KeepSecrets) -> tuple[Timer, ...]:
    """What sharing does by itself."""

    async def tidy() -> None:
        await expire_technical(work)

    return (
        Timer(COURIER, timedelta(seconds=1), deliver),
        Timer("announce_agreements", timedelta(seconds=2), AnnounceAgreements(work)),
        Timer("keep_secrets", timedelta(minutes=1), keep),
        Timer("note_overdue", timedelta(seconds=5), NoteOverdue(work)),
        Timer("count_terms", timedelta(minutes=1), CountTerms(work)),
        Timer(JOB, EVERY, tidy),
    )
