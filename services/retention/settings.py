"""What retention is told from outside, beside what every service is told."""

import tomllib
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from chassis.settings import Settings

PRODUCTION = "production"


class RetentionSettings(Settings):
    """Where the ledger of the erased lies (outside every backup), and the pace of repeated orders."""

    erasure_ledger: Path
    first_repeat_seconds: float = Field(default=30, gt=0)
    last_repeat_seconds: float = Field(default=3600, gt=0)
    repeat_poll_seconds: float = Field(default=2, gt=0)
    sweep_poll_seconds: float = Field(default=1, gt=0)
    lift_notice_hours: float = Field(default=72, gt=0)

    @property
    def first_repeat(self) -> timedelta:
        """How long the first answer may take before an order goes out again."""
        return timedelta(seconds=self.first_repeat_seconds)

    @property
    def lift_notice(self) -> timedelta:
        """How long before its end somebody knows of the end of their restriction (Art. 18(3))."""
        return timedelta(hours=self.lift_notice_hours)

    @property
    def last_repeat(self) -> timedelta:
        """The longest rest between two orders."""
        return timedelta(seconds=self.last_repeat_seconds)

    @property
    def future_is_real(self) -> bool:
        """Whether a sweep may act on a date to come: never in production (a dry run counts only)."""
        return self.environment != PRODUCTION

    def answer_within_days(self) -> int:
        """The house's own promise (W-47), from house.toml."""
        house = tomllib.loads(self.house.read_text(encoding="utf-8"))
        return int(house["privacy"]["answer_within_days"])
