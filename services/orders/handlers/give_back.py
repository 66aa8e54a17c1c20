"""Money that came too late, twice, or as another amount goes back by itself, followed until it is there."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import RefundSentV1
from services.orders.domain.money_back import made_before, pause_after
from services.orders.handlers.follow_money import FollowMoney
from services.orders.providers.port import PaymentProvider, ProviderAway, ProviderRefused
from services.orders.store import orders, payments, refunds
from services.orders.store.refunds import RefundRow

AT_ONCE = 50
# The provider's webhook says when the money arrived, after days; this finds one that was lost.
LOOK_EVERY = timedelta(hours=1)


class GiveBack:
    """Timer `refund_late_payments`: each refund has a stored key, so a repetition pays nothing twice."""

    def __init__(
        self, work: Workplace, clock: Clock, provider: PaymentProvider, follow: FollowMoney, currency: str
    ) -> None:
        self._work = work
        self._clock = clock
        self._provider = provider
        self._follow = follow
        self._currency = currency
        self._log = get_logger()

    async def __call__(self) -> None:
        """Ask the provider for what is due, and look at what is on its way."""
        sql, now = self._work.once("payment", SYSTEM), self._clock.now()
        for refund in await refunds.to_see_to(sql, "due", now, AT_ONCE):
            await self._send(refund)
        for refund in await refunds.to_see_to(sql, "sent", now, AT_ONCE):
            await self._look(refund)

    async def _send(self, refund: RefundRow) -> None:
        try:
            sent = await self._provider.refund(
                refund.provider_payment, refund.cents, self._currency, refund.number, refund.idempotency_key
            )
        except ProviderAway:
            self._log.warning("payment_provider_away")
        except ProviderRefused as refused:
            await self._refused(refund, refused.status)
        else:
            await self._sent(refund, sent)

    async def _refused(self, refund: RefundRow, status: int) -> None:
        """Perhaps it stands at the provider already; else there is most often no balance to pay it from.

        Then it stays due, and the books say that it waits.
        """
        before = await self._made_before(refund)
        if before is not None:
            await self._sent(refund, before)
            return
        self._log.error("refund_refused_by_provider", status=status)
        later = self._clock.now() + pause_after(refund.tries + 1)
        sql = self._work.once("payment", SYSTEM)
        await refunds.again(sql, refund.event, refund.refund, uuid4(), later)

    async def _made_before(self, refund: RefundRow) -> str | None:
        try:
            seen = await self._provider.look(refund.provider_payment)
        except (ProviderAway, ProviderRefused):
            return None
        return made_before(refund.cents, seen.refunds)

    async def _sent(self, refund: RefundRow, provider_id: str) -> None:
        """Note it, and tell whose money it is: it is on its way, and takes days."""
        async with self._work("payment", SYSTEM) as tx:
            subject = await orders.owner_who_stays(tx, refund.order)
            first = await refunds.sent(tx, refund, provider_id, tx.now + LOOK_EVERY)
            if first and subject is not None:
                await tx.announce(
                    RefundSentV1(
                        subject=subject,
                        refund=refund.refund,
                        order=refund.order,
                        number=refund.number,
                        event=refund.event,
                        cents=refund.cents,
                        currency=self._currency,
                        reason=refund.reason,
                    )
                )

    async def _look(self, refund: RefundRow) -> None:
        sql = self._work.once("payment", SYSTEM)
        await refunds.look_again(sql, refund, self._clock.now() + LOOK_EVERY)
        try:
            seen = await self._provider.look(refund.provider_payment)
        except (ProviderAway, ProviderRefused):
            self._log.warning("payment_provider_away")
        else:
            await self._follow(await payments.find(sql, refund.event, refund.payment), seen)
