"""Plans letters about money that left again: a refund, a chargeback, and its end. Nothing is sent here."""

from __future__ import annotations

from uuid import UUID

from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import OrderChargedBackV1, OrderReinstatedV1, RefundSentV1
from services.notify.domain.messages import Template, message_id_of
from services.notify.store import messages, money_letters
from services.notify.store.messages import Planned
from services.notify.store.money_letters import MoneyFacts

PURPOSE = "order_guidance"
Told = RefundSentV1 | OrderChargedBackV1 | OrderReinstatedV1


class TellOfMoney:
    """A letter for each refund, however often it had to be sent, and for each chargeback and its end."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def refund(self, heard: Heard[RefundSentV1]) -> None:
        """Money is on its way back."""
        await self._plan(heard, Template.REFUND, heard.event.refund, heard.event.reason)

    async def charged_back(self, heard: Heard[OrderChargedBackV1]) -> None:
        """A bank took money back: the tickets count no longer."""
        await self._plan(heard, Template.CHARGED_BACK, heard.id)

    async def reinstated(self, heard: Heard[OrderReinstatedV1]) -> None:
        """It came again: the tickets count."""
        await self._plan(heard, Template.REINSTATED, heard.id)

    async def _plan(
        self,
        heard: Heard[RefundSentV1] | Heard[OrderChargedBackV1] | Heard[OrderReinstatedV1],
        template: Template,
        about: UUID,
        reason: str | None = None,
    ) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await _write(tx, heard.event, template, about, reason)


async def _write(tx: Work, told: Told, template: Template, about: UUID, reason: str | None) -> None:
    message = message_id_of(template, about)
    facts = MoneyFacts(told.number, told.cents, told.currency, reason)
    await money_letters.keep(tx, message, told.subject, facts)
    await messages.add(tx, [Planned(message, told.subject, template, told.order, told.event)])
