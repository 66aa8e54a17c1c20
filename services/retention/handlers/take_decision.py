"""Automated decisions are kept in a register (Art. 22, F-68)."""

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import DecisionAutomatedV1
from services.retention.store import decisions


class TakeDecision:
    """orders.decision.automated."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[DecisionAutomatedV1]) -> None:
        """Put it into the register, once."""
        async with self._work("rights", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await decisions.keep(tx, heard.event)
