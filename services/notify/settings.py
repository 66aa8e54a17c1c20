"""What notify is told from outside beside the common settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from chassis.settings import Settings


class NotifySettings(Settings):
    """Mail server, and how long links count. A user is given with its password in the secret `smtp`."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] | None = None
    smtp_user: str | None = None
    smtp_seconds: float = Field(default=10.0, gt=0, le=60)
    link_days: int = Field(default=365, ge=1)

    @property
    def wire(self) -> Literal["starttls", "tls", "none"]:
        """How the way to the mail server is closed: always, except to the inbox of a local house (G-71)."""
        return self.smtp_security or ("none" if self.environment == "local" else "starttls")

    @property
    def lease(self) -> timedelta:
        """How long a sender may be busy with one message before another takes it over."""
        return timedelta(seconds=2 * self.smtp_seconds + 10)
