"""Tickets as PDF: for their buyer, and for the counter where nobody gave a name (G-21, G-15)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.notify.compose import Composer
from services.notify.seeing import may_see
from services.notify.store import happenings, papers

PURPOSE = "order_guidance"


class ShowTickets:
    """GET /orders/{order}/tickets.pdf."""

    def __init__(self, work: Workplace, composer: Composer) -> None:
        self._work = work
        self._composer = composer

    async def __call__(self, call: Call) -> Answer | Refused:
        """The PDF in the reader's language; somebody else's order looks like one that does not exist."""
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            order = await papers.find(tx, UUID(call.path["order"]))
            tx.saw([order.subject] if order and order.subject else [])
            happening = await happenings.find(tx, order.event) if order else None
            seen = order is not None and await may_see(tx, call.actor, order)
        if order is None or happening is None or not seen:
            return Refused("tickets-not-here")
        pdf = await self._composer.pdf(order, happening, call.language)
        headers = {
            "Content-Disposition": f'inline; filename="tickets-{order.number}.pdf"',
            "Cache-Control": "no-store",
        }
        return Answer(pdf, content_type="application/pdf", headers=headers)
