"""Wishes go with their event, so accounts hears when each one ends (W-20)."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import EventPublishedV1
from services.accounts.store import wishes


class LearnEventEnd:
    """orders.event.published."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[EventPublishedV1]) -> None:
        """Take over the end, and let the term of its wishes count from there, whoever is restricted."""
        told = heard.event
        async with self._work("wish_list", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await wishes.learn_end(tx, told.event, told.ends_at, told.version)
        async with self._work("storage_limitation", SYSTEM) as tx:
            await wishes.count_terms(tx, told.event)
