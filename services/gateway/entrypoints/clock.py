"""What the gateway does by the clock: forgetting what is over, and calling who waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.serve import Timer
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.forget_expired import forget_expired

CALLING = timedelta(milliseconds=500)


def timers(desk: Desk) -> Sequence[Timer]:
    """Jobs by the names that the charter's terms mention."""

    async def forget() -> None:
        await forget_expired(desk)

    async def expire() -> None:
        await expire_technical(desk.work)

    return [
        Timer("forget_expired", timedelta(minutes=1), forget),
        Timer("call_next", CALLING, desk.waiting.call_next),
        Timer(JOB, EVERY, expire),
    ]
