"""What accounts is told from outside, beside what every service is told."""

from datetime import timedelta

from pydantic import Field

from chassis.settings import Settings


class AccountsSettings(Settings):
    """Terms of sessions and letters, and the pace of log-ins.

    `letters_asked` is how many letters one address gets in a window, `address_failures` how many failures one
    place on the network may have.
    """

    session_hours: float = Field(default=12, gt=0, le=24 * 31)
    login_failures: int = Field(default=10, ge=1)
    login_window_minutes: int = Field(default=15, ge=1)
    address_failures: int = Field(default=100, ge=1)
    letters_asked: int = Field(default=3, ge=1)
    letter_minutes: int = Field(default=60, ge=5, le=24 * 60)
    password_queue: int = Field(default=64, ge=1)

    @property
    def session_length(self) -> timedelta:
        """How long a log-in lasts."""
        return timedelta(hours=self.session_hours)

    @property
    def login_window(self) -> timedelta:
        """The time in which failures are counted together."""
        return timedelta(minutes=self.login_window_minutes)

    @property
    def letter_length(self) -> timedelta:
        """How long the link of a letter counts."""
        return timedelta(minutes=self.letter_minutes)
