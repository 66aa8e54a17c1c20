"""What may be sold when, and how a visitor sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

State = Literal["soon", "on_sale", "sold_out", "past"]
Channel = Literal["online", "counter"]


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is sold and takes place; aware instants."""

    on_sale_from: datetime
    starts_at: datetime
    ends_at: datetime

    def sold_until(self, channel: Channel) -> datetime:
        """Online until it begins; the counter sells to those who come late too."""
        return self.ends_at if channel == "counter" else self.starts_at


def day_in(time_zone: str, now: datetime) -> date:
    """The day of an instant where a hall stands."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def state_of(times: Times, places_free: bool, now: datetime) -> State:
    """How an event stands in the season."""
    if now >= times.ends_at:
        return "past"
    if now < times.on_sale_from:
        return "soon"
    return "on_sale" if places_free else "sold_out"
