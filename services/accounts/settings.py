"""What accounts is told from outside, beside what every service is told."""

from datetime import timedelta

from pydantic import Field

from chassis.settings import Settings


class AccountsSettings(Settings):
    """Terms of sessions and the pace of log-ins."""

    session_hours: float = Field(default=12, gt=0, le=24 * 31)
    login_failures: int = Field(default=10, ge=1)
    login_window_minutes: int = Field(default=15, ge=1)
    password_queue: int = Field(default=64, ge=1)

    @property
    def session_length(self) -> timedelta:
        """How long a log-in lasts."""
        return timedelta(hours=self.session_hours)

    @property
    def login_window(self) -> timedelta:
        """The time in which failures are counted together."""
        return timedelta(minutes=self.login_window_minutes)
