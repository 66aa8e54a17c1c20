"""The door for the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.notify.handlers.learn_event import CountTerms

Postmen = Mapping[str, Callable[[], Awaitable[None]]]
"""Who sends, by the name of the timer."""


def timers(work: Workplace, postmen: Postmen) -> tuple[Timer, ...]:
    """What notify does by itself."""

    async def tidy() -> None:
        await expire_technical(work)

    return (
        *(Timer(name, timedelta(seconds=1), send) for name, send in postmen.items()),
        Timer("count_terms", timedelta(minutes=1), CountTerms(work)),
        Timer(JOB, EVERY, tidy),
    )
