"""What of the season somebody asked to see: all of it, or one series or season (F-53)."""

from __future__ import annotations

from uuid import UUID

from contracts.orders.api import EventList, EventSummary, Gathering


def chosen_of(season: EventList, wanted: UUID | None) -> Gathering | None:
    """The series or season that is wanted; None where there is no such one with something to come."""
    return next((one for one in (*season.series, *season.seasons) if one.id == wanted), None)


def events_of(season: EventList, chosen: Gathering | None) -> tuple[EventSummary, ...]:
    """The events to show, in order of time."""
    if chosen is None:
        return season.events
    inside: frozenset[UUID] = frozenset(chosen.events)
    return tuple(event for event in season.events if event.id in inside)


def with_words(events: tuple[EventSummary, ...], sought: str, language: str) -> tuple[EventSummary, ...]:
    """Those events whose title, hall or text has all these words, however they are written."""
    words = sought.casefold().split()

    def told(event: EventSummary) -> str:
        return " ".join((event.title.in_language(language), event.hall, event.blurb.in_language(language)))

    return tuple(event for event in events if all(word in told(event).casefold() for word in words))
