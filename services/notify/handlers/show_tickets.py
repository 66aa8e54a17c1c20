"""Tickets as PDF: for their buyer, and for the counter where nobody gave a name (G-21, G-15)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.actors import Actor, Role
from services.notify.compose import Composer
from services.notify.store import happenings, papers
from services.notify.store.papers import PaperOrder

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
        if order is None or happening is None or not may_see(call.actor, order):
            return Refused("tickets-not-here")
        pdf = await self._composer.pdf(order, happening, call.language)
        headers = {
            "Content-Disposition": f'inline; filename="tickets-{order.number}.pdf"',
            "Cache-Control": "no-store",
        }
        return Answer(pdf, content_type="application/pdf", headers=headers)


def may_see(actor: Actor, order: PaperOrder) -> bool:
    """A visitor sees their own tickets, the counter those that were sold without a name."""
    if actor.role is Role.BOX_OFFICE:
        return order.subject is None
    return order.subject is not None and order.subject == actor.id
