"""A calendar file of events (RFC 5545), in the time zone of the house, with what it takes to follow a change.

An event has the same UID in every file of the house, and a SEQUENCE that grows with each change: whoever
opens the file of an order after that of the season, or a later one, has the event once, as it is now (F-20).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from contracts.orders.api import EventSummary, Ticket

PRODUCT = "-//Avondkassa//Season//EN"
YEARS_ON = 2
"""How long after its last event a file still knows when the clocks change."""


@dataclass(frozen=True, slots=True)
class Venue:
    """What every file says of the house: its name, where its halls stand, its time zone, its shop."""

    name: str
    place: str
    zone: ZoneInfo
    origin: str

    @classmethod
    def of(cls, house: Mapping[str, Any], origin: str) -> Self:
        """From the table `house` of deploy/house.toml."""
        place = f"{house['name']}, {house['street']}, {house['postal_code']} {house['town']}"
        return cls(house["name"], place, ZoneInfo(house["time_zone"]), origin)


def calendar_file(venue: Venue, events: Sequence[EventSummary], language: str, now: datetime) -> str:
    """Events as iCalendar, for whoever wants to know what is on."""
    return _written(venue, [_event(venue, event, language, now) for event in events])


def order_calendar(
    venue: Venue, event: EventSummary, tickets: Sequence[Ticket], page: str, language: str, now: datetime
) -> str:
    """The event of one order with its places; `page` is where the order can be seen. Nobody is named."""
    entry = _event(venue, event, language, now)
    places = [ticket.seat for ticket in tickets if ticket.seat]
    entry.pop("DESCRIPTION")
    if places:
        entry.add("DESCRIPTION", ", ".join(places))
    entry.pop("URL")
    entry.add("URL", page)
    return _written(venue, [entry])


def _event(venue: Venue, event: EventSummary, language: str, now: datetime) -> Event:
    entry = Event()
    entry.add("UID", f"{event.id}@avondkassa")
    entry.add("SEQUENCE", event.version)
    entry.add("DTSTAMP", now)
    entry.add("DTSTART", event.starts_at.astimezone(venue.zone))
    entry.add("DTEND", event.ends_at.astimezone(venue.zone))
    entry.add("SUMMARY", event.title.in_language(language))
    entry.add("DESCRIPTION", event.blurb.in_language(language))
    entry.add("LOCATION", f"{event.hall}, {venue.place}")
    entry.add("URL", f"{venue.origin}/e/{event.slug}")
    return entry


def _written(venue: Venue, entries: Sequence[Event]) -> str:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", venue.name)
    days = [entry.start for entry in entries]
    if days:
        calendar.add_component(_zone(venue.zone.key, min(days).year, max(days).year + YEARS_ON))
    for entry in entries:
        calendar.add_component(entry)
    written: bytes = calendar.to_ical()
    return written.decode()


@lru_cache(maxsize=16)
def _zone(name: str, first: int, last: int) -> Timezone:
    """The rules of a time zone as a part of the file, so that no program needs to know it by name."""
    return Timezone.from_tzinfo(ZoneInfo(name), first_date=date(first, 1, 1), last_date=date(last, 12, 31))
