"""Tickets are sent again: to the buyer who asks for it, or for whom the counter does (F-32)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.idempotency import hash_of, remember
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.events import TicketCode, TicketsSentAgainV1
from contracts.orders.tickets import TicketsSent
from services.orders.domain.sending_again import Mailed, decide_sending, pause_after
from services.orders.handlers.issue_tickets import Printer
from services.orders.handlers.keys import carried_out_once, order_of_key
from services.orders.seeing import may_see
from services.orders.store import finding, orders
from services.orders.store.orders import OrderRow

PURPOSE = "order_guidance"


class SendAgain:
    """POST /orders/{order}/tickets/again."""

    def __init__(self, work: Workplace, printer: Printer) -> None:
        self._work = work
        self._printer = printer

    async def __call__(self, call: Call) -> TicketsSent | Refused:
        """Sent; not-found for somebody else's, refusals of domain/sending_again.py and of keys."""
        return await carried_out_once(call.idempotency_key, lambda key: self._once(call, key))

    async def _once(self, call: Call, key: str) -> TicketsSent | Refused:
        order, body_hash = UUID(call.path["order"]), hash_of(None) + call.path["order"]
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            row = await orders.find(tx, order)
            tx.saw([row.owner] if row and row.owner else [])
            if row is None or not await may_see(tx, call.actor, row.owner):
                return Refused("not-found")
            before = await finding.mailed_before(tx, row.event, order, tx.now)
            known = await order_of_key(tx, call.actor, key, body_hash)
            if isinstance(known, Refused):
                return known
            if known is not None:
                return TicketsSent(order=order, next_from=before.last_at + pause_after(before.times))
            sent = await self._send(tx, row, before)
            if isinstance(sent, Refused):
                return sent
            await remember(tx, key, body_hash, order)
            return sent

    async def _send(self, tx: Work, row: OrderRow, before: Mailed) -> TicketsSent | Refused:
        to = await orders.owner_who_stays(tx, row.order)
        decided = decide_sending(row.state, to, before, tx.now)
        if isinstance(decided, Refused):
            return decided
        assert to is not None, "nobody is refused"
        times = decided.value
        await finding.note_mailed(tx, row.event, row.order, times, tx.now)
        codes = tuple(
            TicketCode(ticket=UUID(one["id"]), code=self._printer.code(row.event, UUID(one["id"])))
            for one in row.tickets
        )
        await tx.announce(
            TicketsSentAgainV1(subject=to, order=row.order, event=row.event, times=times, codes=codes)
        )
        return TicketsSent(order=row.order, next_from=tx.now + pause_after(times))
