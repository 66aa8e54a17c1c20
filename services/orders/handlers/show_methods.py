"""How a buyer can pay, as the payment provider says: the house's own list would be another one tomorrow."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.fresh import Fresh
from chassis.log import get_logger
from chassis.routes import Call
from contracts.orders.money import PaymentMethod, PaymentMethods
from services.orders.domain.payment import LOCALES, ON_CREDIT, TAKES_DAYS
from services.orders.domain.provider_key import Mode
from services.orders.providers.port import PaymentProvider, ProviderAway, ProviderRefused

KNOWN_FOR = timedelta(minutes=5)
Known = tuple[PaymentMethod, ...]


class ShowMethods:
    """GET /payment-methods: those whose money comes while places are kept, and that need not know who buys.

    A provider that is away chooses nothing beforehand: the sale goes on without.
    """

    def __init__(self, provider: PaymentProvider, clock: Clock, mode: Mode) -> None:
        self._provider = provider
        self._mode = mode
        self._last: dict[str, Known] = {}
        self._fresh: Fresh[str, Known] = Fresh(self._ask, clock, KNOWN_FOR)
        self._log = get_logger()

    async def __call__(self, call: Call) -> PaymentMethods:
        """The methods in the language of the request, and whether this house only tests."""
        return PaymentMethods(test=self._mode == "test", methods=await self._fresh.get(call.language))

    async def _ask(self, language: str) -> Known:
        try:
            found = await self._provider.methods(LOCALES[language])
        except (ProviderAway, ProviderRefused):
            self._log.warning("payment_provider_away")
        else:
            self._last[language] = tuple(
                PaymentMethod(id=one.id, name=one.name)
                for one in found
                if one.id not in TAKES_DAYS | ON_CREDIT
            )
        return self._last.get(language, ())
