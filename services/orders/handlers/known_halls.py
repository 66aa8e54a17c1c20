"""Halls of events that are being sold: how their seats stand is read once, which are free with each batch."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.places import SeatFacts, Stock
from services.orders.domain.seating import Seating
from services.orders.store.whole_hall import free_seats, seating_of

REMEMBERED = 50


class KnownHalls:
    """Remembers how the seats of some events stand. Once an event is published its seats stay as they are."""

    def __init__(self) -> None:
        self._known: OrderedDict[UUID, Stock] = OrderedDict()

    async def stock(self, sql: Sql, event: UUID, standing_free: int, now: datetime) -> Stock:
        """The stock with every seat of the event."""
        found = await free_seats(sql, event, now)
        known = self._known.get(event)
        # A draft may still get the seats of another hall.
        if known is None or len(known.seats) != found.seats or not found.free <= known.seats:
            known = self._known[event] = _all(await seating_of(sql, event))
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return replace(
            known, free_seats=found.free, counter_only=found.counter_only, standing_free=standing_free
        )


def _all(seating: Seating) -> Stock:
    seats = [seat for block in seating.best_first for seat in block.seats]
    facts = {seat.id: SeatFacts(seat.zone, seat.kind) for seat in seats}
    return Stock(frozenset(facts), frozenset(), 0, facts, seating=seating)
