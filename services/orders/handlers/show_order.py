"""Orders as their buyers see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.claims import guests_of, is_one
from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from chassis.writers import Writers
from contracts.actors import SYSTEM, Actor, Role
from contracts.orders.api import EventSummary, Order, OrderList
from services.orders.handlers.catalogue import Catalogue
from services.orders.handlers.issue_tickets import Printer
from services.orders.handlers.show_hold import shown_lines
from services.orders.handlers.take_payment import Begun
from services.orders.store import orders, season
from services.orders.store.orders import OrderRow
from services.orders.store.placing import NewPlacement


class ShowOrders:
    """GET /orders/{order}, GET /my/orders, and the order that other handlers answer with."""

    def __init__(self, work: Workplace, printer: Printer, catalogue: Catalogue) -> None:
        self._work = work
        self._printer = printer
        self._catalogue = catalogue
        self._reading: Writers[None, UUID, OrderRow | None] = Writers(self._read)

    async def one(self, call: Call) -> Order | Refused:
        """An order of the path; other people's orders do not exist for a visitor: not-found."""
        wanted = UUID(call.path["order"])
        if call.actor.role is Role.VISITOR:
            row = await self._of_visitor(call.actor, wanted)
        else:
            async with self._work("order_guidance", call.actor, call.reason) as tx:
                row = await orders.find(tx, wanted)
                tx.saw([row.owner] if row and row.owner else [])
        if row is None or (call.actor.role is Role.VISITOR and not await self._own(call.actor, row)):
            return Refused("not-found")
        return await self._told(row)

    async def _own(self, actor: Actor, row: OrderRow) -> bool:
        return await is_one(self._work.once("order_guidance", actor), row.owner, actor)

    async def _of_visitor(self, actor: Actor, order: UUID) -> OrderRow | None:
        """Read with what others look at just now; who restricted processing is seen by themselves only."""
        row = await self._reading.submit(None, order)
        if row is not None and row.owner is None:
            async with self._work("order_guidance", actor) as tx:
                row = await orders.find(tx, order)
        return row

    async def _read(self, _: None, wanted: Sequence[UUID]) -> list[OrderRow | None]:
        found = await orders.find_all(self._work.once("order_guidance", SYSTEM), wanted)
        return [found.get(order) for order in wanted]

    async def mine(self, call: Call) -> OrderList:
        """The orders of the actor (Art. 15), newest first."""
        async with self._work("rights", call.actor) as tx:
            rows = await orders.of_person(tx, [call.actor.id, *await guests_of(tx, call.actor.id)])
            # A person's orders are of events that nobody else asks about just now: one statement for all.
            events = await season.summaries(tx, {row.event for row in rows}, tx.now)
        return OrderList(orders=tuple(self._order(row, events[row.event]) for row in rows))

    async def show(self, actor: Actor, order: UUID) -> Order:
        """An order that was just made by this actor: a buyer's own, or a counter's without a name."""
        async with self._work("order_guidance", actor) as tx:
            tx.saw_nobody()
            row = await orders.find(tx, order)
        assert row is not None, "the order was just made"
        return await self._told(row)

    async def placed(self, new: NewPlacement, begun: Begun) -> Order | None:
        """An order as it was just written, its payment begun; None where a price has no title here."""
        event, order = await self._catalogue.get(new.order.event), new.order
        if event is None or any(line.price not in event.titles for line in new.lines):
            return None
        return Order(
            id=order.order,
            number=order.number,
            event=event.summary,
            state="placed",
            payment="open",
            lines=shown_lines(new.lines, new.labels, event.titles),
            tickets=(),
            total_cents=order.total_cents,
            vat_cents=order.vat_cents,
            currency=self._printer.currency,
            checkout_url=begun.checkout_url,
            places_kept_until=begun.kept_until,
            placed_at=order.placed_at,
        )

    async def _told(self, row: OrderRow) -> Order:
        event = await self._catalogue.get(row.event)
        assert event is not None, "an order belongs to an event"
        return self._order(row, event.summary)

    def _order(self, row: OrderRow, event: EventSummary) -> Order:
        payable = row.state == "placed" and row.payment_state == "open"
        kept = row.state == "placed" and row.hold_state == "ordered"
        return Order.model_validate(
            {
                "id": row.order,
                "number": row.number,
                "event": event,
                "state": row.state,
                "payment": row.payment_state,
                "lines": row.lines,
                "tickets": [{**one, "code": self._code(row, one)} for one in row.tickets],
                "total_cents": row.total_cents,
                "vat_cents": row.vat_cents,
                "currency": self._printer.currency,
                "checkout_url": row.checkout_url if payable else None,
                "places_kept_until": row.expires_at if kept else None,
                "placed_at": row.placed_at,
                "money_back": row.money_back,
            }
        )

    def _code(self, row: OrderRow, ticket: Mapping[str, Any]) -> str:
        return self._printer.code(row.event, UUID(ticket["id"]))
