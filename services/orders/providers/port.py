"""The port to payment providers: what orders needs of one, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.orders.domain.payment import PaymentSeen


class ProviderAway(Exception):
    """The provider did not answer, or not in time: what was asked may have been done. Ask again, same key."""


class ProviderRefused(Exception):
    """The provider said no, and will say no again; `status` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with status {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay, by the provider's id and its name in the language that was asked for."""

    id: str
    name: str


class PaymentProvider(Protocol):
    """Takes money and gives it back. Each request that changes something carries a stored key."""

    async def create(self, request: Mapping[str, object], key: UUID) -> PaymentSeen:
        """Begin a payment; the same key and request give the same payment. ProviderAway, ProviderRefused."""
        ...

    async def look(self, provider_id: str) -> PaymentSeen:
        """The state of a payment now, its refunds and chargebacks with it. ProviderAway, ProviderRefused."""
        ...

    async def methods(self, locale: str) -> Sequence[Method]:
        """The ways to pay that this house has, in the provider's order. ProviderAway, ProviderRefused."""
        ...

    async def charged_back(self) -> Sequence[str]:
        """The payments of the newest chargebacks, newest first. ProviderAway, ProviderRefused."""
        ...

    async def refund(self, provider_id: str, cents: int, currency: str, description: str, key: UUID) -> str:
        """Give money back; the refund's id at the provider. ProviderAway, ProviderRefused."""
        ...
