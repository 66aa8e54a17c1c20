"""Names on the tickets of one's own order: written, changed, taken off until the evening is over."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.api import EventSummary
from contracts.orders.events import HoldersNamedV1
from contracts.orders.holders import HeldTicket, Holders, NameHolders, TicketHolder
from services.orders.domain.holders import Names, decide_names, is_open
from services.orders.seeing import may_see
from services.orders.store import holders, orders, season
from services.orders.store.orders import OrderRow

PURPOSE = "order_guidance"
NOT_FOUND = Refused("not-found")


class NameTicketHolders:
    """GET and PUT /orders/{order}/holders."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def show(self, call: Call) -> Holders | Refused:
        """The tickets with their names; not-found for somebody else's order."""
        async with self._work(PURPOSE, call.actor) as tx:
            found = await self._own(tx, call)
            if found is None:
                return NOT_FOUND
            row, event = found
            names, _ = await holders.of_order(tx, row.order)
            return _shown(row, names, open_now=is_open(row.state, event.ends_at, tx.now))

    async def name(self, call: Call) -> Holders | Refused:
        """The same after the change; not-found, and the refusals of domain/holders.py."""
        asked: NameHolders = call.body
        async with self._work(PURPOSE, call.actor) as tx:
            await orders.owner_who_stays(tx, UUID(call.path["order"]))
            found = await self._own(tx, call)
            if found is None:
                return NOT_FOUND
            row, event = found
            await holders.lock(tx, row.order)
            known, version = await holders.of_order(tx, row.order)
            before = {UUID(one["id"]): known.get(UUID(one["id"])) for one in row.tickets}
            wanted = {one.ticket: one.name for one in asked.holders}
            open_now = is_open(row.state, event.ends_at, tx.now)
            decided = decide_names(before, wanted, open_now=open_now)
            if isinstance(decided, Refused):
                return decided
            if decided.value:
                await _write(tx, row, event, decided.value, version + 1)
            return _shown(row, {**before, **decided.value}, open_now=open_now)

    async def _own(self, tx: Work, call: Call) -> tuple[OrderRow, EventSummary] | None:
        row = await orders.find(tx, UUID(call.path["order"]))
        if row is None or row.owner is None or not await may_see(tx, call.actor, row.owner):
            return None
        return row, (await season.summaries(tx, {row.event}, tx.now))[row.event]


async def _write(tx: Work, row: OrderRow, event: EventSummary, names: Names, version: int) -> None:
    assert row.owner is not None, "an order without a person is nobody's to name"
    of = holders.Named(row.event, row.order, row.owner, event.ends_at.date())
    await holders.put(tx, of, names, version)
    told = tuple(TicketHolder(ticket=ticket, name=name) for ticket, name in names.items())
    await tx.announce(HoldersNamedV1(subject=row.owner, order=row.order, version=version, holders=told))


def _shown(row: OrderRow, names: Names, *, open_now: bool) -> Holders:
    return Holders(
        tickets=tuple(
            HeldTicket.model_validate(
                {
                    "ticket": one["id"],
                    "seat": one["seat"],
                    "price": one["price"],
                    "name": names.get(UUID(one["id"])),
                }
            )
            for one in row.tickets
        ),
        open=open_now,
    )
