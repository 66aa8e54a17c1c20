"""What orders is told from outside, beside what every service is told."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from chassis.settings import Settings
from services.orders.domain.checkout import PaymentTimes


class OrdersSettings(Settings):
    """From AVONDKASSA_…; all times are seconds. Secrets: `mollie` (API key), `signing.pem` (tickets)
    and `buyers.key` (knows a buyer's address again, for purchase limits)."""

    mollie_endpoint: str = "https://api.mollie.com"
    mollie_connect_seconds: int = Field(default=1, ge=1)
    mollie_read_seconds: int = Field(default=5, ge=1)
    mollie_at_once: int = Field(default=16, ge=1, le=64)
    webhook_url: str | None = None
    payment_seconds: int = Field(default=900, ge=1)
    payment_grace_seconds: int = Field(default=120, ge=0)
    payment_longest_seconds: int = Field(default=3600, ge=1)
    reconcile_seconds: float = Field(default=30.0, gt=0)
    expire_seconds: float = Field(default=1.0, gt=0)
    chargeback_seconds: float = Field(default=3600.0, gt=0)
    refund_seconds: float = Field(default=5.0, gt=0)
    announce_seconds: float = Field(default=5.0, gt=0)
    catalogue_seconds: float = Field(default=1.0, ge=0)
    availability_seconds: float = Field(default=30.0, gt=0)

    @property
    def payment_times(self) -> PaymentTimes:
        """How long places are kept for paying."""
        return PaymentTimes(
            timedelta(seconds=self.payment_seconds),
            timedelta(seconds=self.payment_grace_seconds),
            timedelta(seconds=self.payment_longest_seconds),
        )

    @property
    def webhook(self) -> str:
        """Where the payment provider reports: the gateway's public address unless another one is set."""
        return self.webhook_url or self.public_url.rstrip("/") + "/api/v1/webhooks/mollie"
