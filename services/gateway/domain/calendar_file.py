"""A calendar file of events (RFC 5545): times in UTC, a sequence that grows when something moved (F-20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from contracts.orders.api import EventSummary

LONGEST = 73
"""Bytes of a line before it is folded; 75 are allowed, and a space begins each of the next ones."""


def calendar_file(
    name: str, events: Iterable[EventSummary], origin: str, place: str, language: str, now: datetime
) -> str:
    """Events as iCalendar. `origin` is the address of the house's shop, `place` where its halls stand."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Avondkassa//Season//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += _event(event, origin, place, language, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(event: EventSummary, origin: str, place: str, language: str, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.id}@avondkassa",
        f"SEQUENCE:{event.version}",
        f"DTSTAMP:{_instant(now)}",
        f"DTSTART:{_instant(event.starts_at)}",
        f"DTEND:{_instant(event.ends_at)}",
        f"SUMMARY:{_escaped(event.title.in_language(language))}",
        f"DESCRIPTION:{_escaped(event.blurb.in_language(language))}",
        f"LOCATION:{_escaped(f'{event.hall}, {place}')}",
        f"URL:{origin}/e/{event.slug}",
        "END:VEVENT",
    ]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of 75 bytes at most, never within a character; later pieces begin with a space."""
    piece, lead = "", ""
    for sign in line:
        if len((piece + sign).encode()) > LONGEST:
            yield lead + piece
            piece, lead = "", " "
        piece += sign
    yield lead + piece
