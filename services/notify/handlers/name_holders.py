"""A buyer put names on tickets: they are printed from now on, where one was given (F-18)."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import HoldersNamedV1
from services.notify.store import papers

PURPOSE = "order_guidance"


class TicketsNotHere(Exception):
    """Names of tickets that were not heard of yet: the letter is parked and tried again."""


class NameHolders:
    """Hears orders.holders.named."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[HoldersNamedV1]) -> None:
        """Keep the names; an older version changes nothing. Raises TicketsNotHere."""
        told = heard.event
        async with self._work(PURPOSE, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            names = {one.ticket: one.name for one in told.holders}
            if not await papers.name_holders(tx, told.order, names, told.version):
                raise TicketsNotHere
