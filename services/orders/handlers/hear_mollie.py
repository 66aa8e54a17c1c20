"""Mollie posts an id, unsigned: it is taken as a hint and answered with 200 whatever it is."""

from __future__ import annotations

from chassis.routes import Answer, Call
from contracts.orders.api import MollieWebhook
from services.orders.handlers.take_payment import Cashier


class HearMollie:
    """POST /webhooks/mollie."""

    def __init__(self, cashier: Cashier) -> None:
        self._cashier = cashier

    async def __call__(self, call: Call) -> Answer:
        """Look the payment up and move on; what cannot be done now, the timer does."""
        body: MollieWebhook = call.body
        await self._cashier.heard_of(body.id)
        return Answer(None, 200)
