"""Plans messages from what other services say; nothing is sent here."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid5

from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import PaymentFailedV1, TicketsIssuedV1, TicketsSentAgainV1
from services.notify.domain.messages import Template, message_id_of
from services.notify.store import messages, papers
from services.notify.store.messages import Planned

ORDER_GUIDANCE = "order_guidance"


async def keep_tickets(tx: Work, letters: Sequence[Heard[TicketsIssuedV1]]) -> None:
    """Tickets exist: keep what is printed, and plan the confirmation where somebody gave a name (G-21).

    Told again under another id, nothing changes.
    """
    issued = [heard.event for heard in letters]
    await papers.keep(tx, issued)
    confirmations = [
        Planned(
            message_id_of(Template.TICKETS, one.order),
            one.subject,
            Template.TICKETS,
            one.order,
            one.event,
        )
        for one in issued
        if one.subject is not None
    ]
    await messages.add(tx, confirmations)


class SendTicketsAgain:
    """Tickets are asked for again: print the codes that orders says, and plan the mail anew (F-32)."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[TicketsSentAgainV1]) -> None:
        """Hear of it; the same time told twice is one mail. Whoever was erased meanwhile gets none (G-63)."""
        again = heard.event
        async with self._work(ORDER_GUIDANCE, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            await papers.renew(tx, again.order, again.codes)
            message = message_id_of(Template.TICKETS, uuid5(again.order, str(again.times)))
            await messages.add(
                tx, [Planned(message, again.subject, Template.TICKETS, again.order, again.event)]
            )


class TellOfFailedPayment:
    """A payment failed: plan a letter, one for each failure."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[PaymentFailedV1]) -> None:
        """Hear of a failed payment."""
        failed = heard.event
        async with self._work(ORDER_GUIDANCE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                message = message_id_of(Template.PAYMENT_FAILED, heard.id)
                await messages.add(
                    tx,
                    [Planned(message, failed.subject, Template.PAYMENT_FAILED, failed.order, failed.event)],
                )
