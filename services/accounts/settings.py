"""What accounts is told from outside, beside what every service is told."""

from datetime import timedelta

from pydantic import Field

from chassis.settings import Settings
from services.accounts.domain.entrance import Length, Lengths


class AccountsSettings(Settings):
    """Terms of sessions and letters, and the pace of log-ins.

    A session ends after its hours, and sooner when nobody used it for its idle minutes; who works for the
    house or an organiser has shorter ones. `letters_asked` is how many letters one address gets in a window,
    `address_failures` how many failures one place on the network may have. Passkeys count for the host of the
    public address, or for `relying_party` where that is a wider domain.
    """

    session_hours: float = Field(default=24, gt=0, le=24 * 31)
    session_idle_minutes: float = Field(default=8 * 60, gt=0)
    staff_session_hours: float = Field(default=12, gt=0, le=24)
    staff_idle_minutes: float = Field(default=120, gt=0)
    login_failures: int = Field(default=10, ge=1)
    login_window_minutes: int = Field(default=15, ge=1)
    address_failures: int = Field(default=100, ge=1)
    letters_asked: int = Field(default=3, ge=1)
    letter_minutes: int = Field(default=60, ge=5, le=24 * 60)
    relying_party: str | None = None
    password_queue: int = Field(default=64, ge=1)

    @property
    def session_lengths(self) -> Lengths:
        """How long log-ins last, of visitors and of who works here."""
        visitor = timedelta(hours=self.session_hours), timedelta(minutes=self.session_idle_minutes)
        staff = timedelta(hours=self.staff_session_hours), timedelta(minutes=self.staff_idle_minutes)
        return Lengths(Length(*visitor), Length(*staff))

    @property
    def login_window(self) -> timedelta:
        """The time in which failures are counted together."""
        return timedelta(minutes=self.login_window_minutes)

    @property
    def letter_length(self) -> timedelta:
        """How long the link of a letter counts."""
        return timedelta(minutes=self.letter_minutes)
