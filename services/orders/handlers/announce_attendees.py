"""Buyers of co-presented events are announced to sharing: under an agreement, and no more than it allows.

One search does for a purchase that was just paid, for an agreement that begins (catching up), and for a
choice that changed later: whoever was not announced as things stand now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from uuid import UUID

from chassis.gate import allowed
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import AttendeeRegisteredV1
from services.orders.domain.disclosure import CHANNEL, PURPOSES, Told, what_to_tell
from services.orders.store import disclosures
from services.orders.store.disclosures import Candidate

AT_ONCE = 200


class AnnounceAttendees:
    """Runs after a purchase, when an agreement begins, and by timer."""

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self._paid: set[UUID] = set()
        self._turn = asyncio.Lock()

    async def __call__(self) -> None:
        """Announce until nobody is left to announce; a repetition says nothing twice."""
        while await self._some(None) == AT_ONCE:
            continue

    async def of_order(self, order: UUID) -> None:
        """Announce the buyer of an order that was just paid, with those of all orders that wait meanwhile."""
        self._paid.add(order)
        async with self._turn:
            paid, self._paid = self._paid, set()
            if paid:
                await self._some(paid)

    async def _some(self, orders: Collection[UUID] | None) -> int:
        async with self._work("contract_exchange", SYSTEM) as tx:
            await disclosures.one_at_a_time(tx)
            found = await disclosures.candidates(tx, tx.now, AT_ONCE, orders)
            for who in found:
                await self._one(tx, who)
            return len(found)

    async def _one(self, tx: Work, who: Candidate) -> None:
        told = what_to_tell(who.agreed, await _permitted(tx, who), who.buyer)
        if set(told.allowed) - who.told:
            await tx.announce(_registered(who, told))
        await disclosures.save(tx, who, told.allowed, tx.now)


async def _permitted(tx: Work, who: Candidate) -> frozenset[str]:
    """What the person allows, as this service's own gate has it (G-31, G-33, G-34)."""
    found = [
        purpose
        for purpose in PURPOSES
        if purpose in who.agreed and await allowed(tx, who.subject, purpose, who.organisation, CHANNEL)
    ]
    return frozenset(found)


def _registered(who: Candidate, told: Told) -> AttendeeRegisteredV1:
    return AttendeeRegisteredV1(
        subject=who.subject,
        version=who.version,
        order=who.order,
        event=who.event,
        organisation=who.organisation,
        allowed=told.allowed,
        name=told.name,
        email=told.email,
        seats=told.seats,
    )
