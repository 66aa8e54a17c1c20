"""What sharing is told from outside beside the common settings."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from chassis.settings import Settings


class SharingSettings(Settings):
    """How long a recipient has to acknowledge a recall, and how long one POST may take."""

    recall_term: timedelta = timedelta(days=30)
    webhook_seconds: float = Field(default=10.0, gt=0, le=60)

    @property
    def lease(self) -> timedelta:
        """How long a courier may be busy with one message before another takes it over."""
        return timedelta(seconds=2 * self.webhook_seconds + 10)

    @property
    def plain_http(self) -> bool:
        """Whether messages may go unencrypted: to a receiver in a local house only (G-71)."""
        return self.environment == "local"
