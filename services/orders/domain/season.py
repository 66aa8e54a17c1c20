"""What may be sold when, and how a visitor sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

State = Literal["announced", "soon", "on_sale", "sold_out", "closed", "past"]
Planned = Literal["draft", "published", "on_sale", "closed"]
Channel = Literal["online", "counter"]


@dataclass(frozen=True, slots=True)
class Times:
    """When an event is sold and takes place, aware instants, and what its planner decided of it.

    Without `online_until` the online sale ends when the event starts.
    """

    on_sale_from: datetime
    starts_at: datetime
    ends_at: datetime
    online_until: datetime | None = None
    planned: Planned = "on_sale"

    def sold_until(self, channel: Channel) -> datetime:
        """Online until it begins or earlier; the counter sells to those who come late too."""
        return self.ends_at if channel == "counter" else self.online_until or self.starts_at

    def opened(self, now: datetime) -> bool:
        """Whether its sale has begun."""
        return self.planned not in ("draft", "published") and now >= self.on_sale_from

    def closed(self, channel: Channel, now: datetime) -> bool:
        """Whether its sale is over, by hand or by the clock."""
        return self.planned == "closed" or now >= self.sold_until(channel)


def day_in(time_zone: str, now: datetime) -> date:
    """The day of an instant where a hall stands."""
    return now.astimezone(ZoneInfo(time_zone)).date()


def state_of(times: Times, places_free: bool, now: datetime) -> State:
    """How an event stands in the season, for someone who looks online."""
    if now >= times.ends_at:
        return "past"
    if times.closed("online", now):
        return "closed"
    if times.planned in ("draft", "published"):
        return "announced"
    if not times.opened(now):
        return "soon"
    return "on_sale" if places_free else "sold_out"
