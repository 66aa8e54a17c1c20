"""A restriction ends when its time is over and its person was told (Art. 18(3))."""

from __future__ import annotations

from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.retention.lifting import lift
from services.retention.store import restrictions

MOST = 100


class EndRestrictions:
    """The clock: ends what is due, of whoever was told."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """At most 100 in a run."""
        async with self._work("rights", SYSTEM) as tx:
            for subject in await restrictions.due(tx, tx.now, MOST):
                await lift(tx, subject)
