"""What was counted for a purchase limit, and names on tickets, are forgotten some days after the event."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from chassis.clock import Clock
from chassis.work import Sql, Workplace
from contracts.actors import SYSTEM

LIMITS, HOLDERS = "forget_limits", "forget_holders"
# The charter's terms. A late question about a refusal is answered from the same numbers, one about a coat
# that was left behind with the same name.
KEPT_AFTER = timedelta(days=7)


class ForgetAfterEvent:
    """The timers that the charter's terms name."""

    def __init__(self, work: Workplace, clock: Clock, forget: Callable[[Sql, date], Awaitable[int]]) -> None:
        """`forget` lets go of what belongs to events that were over by a day."""
        self._work = work
        self._clock = clock
        self._forget = forget

    async def __call__(self) -> None:
        """Forget what is past its term by the clock of this moment."""
        last_day = (self._clock.now() - KEPT_AFTER).date()
        async with self._work("storage_limitation", SYSTEM) as tx:
            await self._forget(tx, last_day)
