"""Orders as their buyers see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Sql, Work, Workplace
from contracts.actors import Actor, Role
from contracts.orders.api import EventSummary, Order, OrderList, Ticket
from services.orders.handlers.issue_tickets import Printer
from services.orders.store import orders, season, tickets
from services.orders.store.orders import OrderRow
from services.orders.store.tickets import TicketRow


class ShowOrders:
    """GET /orders/{order}, GET /my/orders, and the order that other handlers answer with."""

    def __init__(self, work: Workplace, printer: Printer) -> None:
        self._work = work
        self._printer = printer

    async def one(self, call: Call) -> Order | Refused:
        """An order of the path; other people's orders do not exist for a visitor: not-found."""
        order = UUID(call.path["order"])
        async with self._work("order_guidance", call.actor) as tx:
            if not await may_see(tx, call.actor, order):
                return Refused("not-found")
            return await self.read(tx, order) or Refused("not-found")

    async def mine(self, call: Call) -> OrderList:
        """The orders of the actor (Art. 15), newest first."""
        async with self._work("rights", call.actor) as tx:
            rows = await orders.of_subject(tx, call.actor.id)
            return OrderList(orders=tuple(await self._all(tx, rows)))

    async def show(self, actor: Actor, order: UUID) -> Order:
        """An order that was just made for this actor."""
        async with self._work("order_guidance", actor) as tx:
            found = await self.read(tx, order)
        assert found is not None, "the order was just made"
        return found

    async def read(self, tx: Work, order: UUID) -> Order | None:
        """An order as it stands, or None."""
        row = await orders.find(tx, order)
        return (await self._all(tx, [row]))[0] if row else None

    async def _all(self, tx: Work, rows: Sequence[OrderRow]) -> list[Order]:
        events = await season.summaries(tx, {row.event for row in rows}, tx.now)
        lines = await orders.lines(tx, [row.order for row in rows])
        issued: dict[UUID, list[TicketRow]] = {}
        for event in events:
            mine = [row.order for row in rows if row.event == event]
            issued |= await tickets.of_orders(tx, event, mine)
        return [self._order(row, events, lines, issued.get(row.order, [])) for row in rows]

    def _order(
        self,
        row: OrderRow,
        events: Mapping[UUID, EventSummary],
        lines: Mapping[UUID, Any],
        issued: Sequence[TicketRow],
    ) -> Order:
        payable = row.state == "placed" and row.payment_state == "open"
        kept = row.state == "placed" and row.hold_state == "ordered"
        # Tickets are read after the order: those of a payment in between belong to the next look.
        shown = () if row.state == "placed" else issued
        return Order.model_validate(
            {
                "id": row.order,
                "number": row.number,
                "event": events[row.event],
                "state": row.state,
                "payment": row.payment_state,
                "lines": tuple(lines.get(row.order, ())),
                "tickets": tuple(self._ticket(one) for one in shown),
                "total_cents": row.total_cents,
                "vat_cents": row.vat_cents,
                "currency": self._printer.currency,
                "checkout_url": row.checkout_url if payable else None,
                "places_kept_until": row.expires_at if kept else None,
                "placed_at": row.placed_at,
            }
        )

    def _ticket(self, row: TicketRow) -> Ticket:
        return Ticket.model_validate(
            {
                "id": row.ticket,
                "code": self._printer.code(row.event, row.ticket),
                "seat": row.seat,
                "price": row.price,
                "cents": row.cents,
                "state": row.state,
            }
        )


async def may_see(sql: Sql, actor: Actor, order: UUID) -> bool:
    """A visitor sees own orders only; the box office sees all, because nobody's name is in one."""
    return actor.role is not Role.VISITOR or await orders.owner(sql, order) == actor.id
