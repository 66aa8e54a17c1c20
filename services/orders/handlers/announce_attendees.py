"""Buyers of co-presented events are announced to sharing: under an agreement, and no more than it allows.

One search does for a purchase that was just paid, for an agreement that begins (catching up), and for a
choice that changed later: whoever was not announced as things stand now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.gate import allowed
from chassis.work import Sql, Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import AttendeeRegisteredV1
from services.orders.domain.disclosure import (
    ADMINISTRATION,
    CHANNEL,
    DOOR_LIST,
    NEWS,
    Buyer,
    Told,
    what_to_tell,
)
from services.orders.store import disclosures
from services.orders.store.disclosures import Candidate

AT_ONCE = 200
Key = tuple[UUID, UUID]
"""An order, and the organisation that may hear of it."""
Reading = Callable[[Sql, Collection[UUID]], Awaitable[dict[UUID, str]]]


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
            for who, buyer in await self._buyers(tx, found):
                await self._one(tx, who, buyer)
            return len(found)

    async def _buyers(self, tx: Work, found: Sequence[Candidate]) -> list[tuple[Candidate, Buyer]]:
        named = await self._seen(DOOR_LIST, disclosures.names, found)
        addressed = await self._seen(NEWS, disclosures.addresses, found)
        buyers = []
        for who in found:
            key = (who.order, who.organisation)
            counted = await allowed(tx, who.subject, ADMINISTRATION, who.organisation, CHANNEL)
            buyers.append((who, Buyer(named.get(key), addressed.get(key), who.seats, counted)))
        return buyers

    async def _seen(self, purpose: str, read: Reading, found: Sequence[Candidate]) -> dict[Key, str]:
        """These people's part as its purpose sees it: row policies show nobody who refused (G-31, G-34)."""
        asked = [who for who in found if purpose in who.agreed]
        seen: dict[Key, str] = {}
        for organisation in dict.fromkeys(who.organisation for who in asked):
            orders = [who.order for who in asked if who.organisation == organisation]
            async with self._work(purpose, replace(SYSTEM, organisation=organisation)) as tx:
                seen |= {(order, organisation): part for order, part in (await read(tx, orders)).items()}
        return seen

    async def _one(self, tx: Work, who: Candidate, buyer: Buyer) -> None:
        told = what_to_tell(who.agreed, buyer)
        if set(told.allowed) - who.told:
            await tx.announce(_registered(who, told))
        await disclosures.save(tx, who, told.allowed, tx.now)


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
