"""Plans what is told to whoever wishes to see an event; whether it is still true is looked at on sending."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import AvailabilityChangedV1, EventChangedV1, SaleOpenedV1
from services.notify.domain.reminders import reminder_id
from services.notify.store import reminders, wishes

PURPOSE = "wish_reminders"
MOVES = frozenset(("starts_at", "hall"))
"""Changes that somebody without a ticket wants to hear of."""


class PlanReminders:
    """Hears what happens to events. Each person hears each kind once for an event; another move anew."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def sale(self, heard: Heard[SaleOpenedV1]) -> None:
        """orders.sale.opened"""
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await _plan(tx, heard.event.event, "on_sale")

    async def move(self, heard: Heard[EventChangedV1]) -> None:
        """orders.event.changed: a later move overtakes letters about an earlier one."""
        told = heard.event
        if MOVES.isdisjoint(told.changed):
            return
        before = told.starts_at_before if "starts_at" in told.changed else None
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await reminders.drop_overtaken(tx, told.event, "moved", told.version)
                await _plan(tx, told.event, "moved", told.version, before)

    async def availability(self, heard: Heard[AvailabilityChangedV1]) -> None:
        """orders.availability.changed"""
        told = heard.event
        async with self._work(PURPOSE, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            newer = await wishes.learn_availability(tx, told.event, told.nearly_full, told.version)
            if newer and told.nearly_full:
                await _plan(tx, told.event, "nearly_full")


async def _plan(tx: Work, event: UUID, kind: str, facts: int = 0, before: datetime | None = None) -> None:
    wishers = await wishes.wishers(tx, event, kind)
    letters = {reminder_id(kind, event, subject, facts): subject for subject in wishers}
    await reminders.add(tx, letters, (event, kind), facts, before)
