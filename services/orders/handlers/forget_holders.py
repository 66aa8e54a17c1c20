"""Names on tickets are forgotten some days after the event."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.orders.store import holders

JOB = "forget_holders"
# The charter's term: long enough to ask whose coat was left behind.
KEPT_AFTER = timedelta(days=7)


class ForgetHolders:
    """The timer `forget_holders`, which the charter's term names."""

    def __init__(self, work: Workplace, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def __call__(self) -> None:
        """Forget what is past its term by the clock of this moment."""
        last_day = (self._clock.now() - KEPT_AFTER).date()
        async with self._work("storage_limitation", SYSTEM) as tx:
            await holders.forget(tx, last_day)
