"""Money that came too late, or twice, goes back by itself."""

from __future__ import annotations

from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.orders.providers.port import PaymentProvider, ProviderAway, ProviderRefused
from services.orders.store import payments

AT_ONCE = 50


class GiveBack:
    """Timer `refund_late_payments`: each refund has a stored key, so a repetition pays nothing twice."""

    def __init__(self, work: Workplace, provider: PaymentProvider, currency: str) -> None:
        self._work = work
        self._provider = provider
        self._currency = currency
        self._log = get_logger()

    async def __call__(self) -> None:
        """Ask the provider for what is due; what it cannot do now waits for the next run."""
        for refund in await payments.due_refunds(self._work.once("payment", SYSTEM), AT_ONCE):
            try:
                sent = await self._provider.refund(
                    refund.provider_payment,
                    refund.cents,
                    self._currency,
                    refund.number,
                    refund.idempotency_key,
                )
            except ProviderAway:
                self._log.warning("payment_provider_away")
            except ProviderRefused as refused:
                self._log.error("refund_refused_by_provider", status=refused.status)
                await payments.refund_refused(self._work.once("payment", SYSTEM), refund)
            else:
                await payments.refund_sent(self._work.once("payment", SYSTEM), refund, sent)
