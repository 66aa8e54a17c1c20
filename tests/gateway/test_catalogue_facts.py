"""What the catalogue tells other programs, and how a hall is drawn, whatever was typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from contracts.orders.planning import HallSeat
from contracts.texts import Text
from services.gateway.calendar_file import Venue, calendar_file, order_calendar
from services.gateway.domain.hall_drawing import hall_drawing
from services.gateway.domain.linked_event import linked_event
from services.gateway.entrypoints.pages.places import read_places
from services.gateway.rendering import Reader
from tests.gateway.plausible import a_detail, an_event, an_order, house, pages

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
VENUE = Venue.of(house()["house"], "https://house.example")
LONG = Text.model_validate(dict.fromkeys(("nl", "fr", "en"), "Één; twee, drie\nvier " + "é" * 90))


@pytest.mark.requirement("F-20")
def test_a_calendar_file_has_short_lines_and_says_what_changed() -> None:
    moved = an_event(1, version=4, title=LONG)
    text = calendar_file(VENUE, [moved], "nl", NOW)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    assert "SEQUENCE:4" in lines
    assert f"UID:{moved.id}@avondkassa" in lines
    assert "DTSTART;TZID=Europe/Brussels:20261128T200000" in lines
    assert "SUMMARY:Één\\; twee\\, drie\\nvier " + "é" * 90 in text.replace("\r\n ", "")


@pytest.mark.requirement("F-20")
def test_the_file_of_an_order_moves_with_its_event_through_summer_and_winter() -> None:
    (ticket,) = an_order().tickets
    event, seats = (
        an_event(1, version=2),
        [ticket.model_copy(update={"seat": one}) for one in ("C4", None, "C5")],
    )
    page = "https://house.example/order/1"
    season = Calendar.from_ical(calendar_file(VENUE, [event], "nl", NOW)).events[0]
    bought = Calendar.from_ical(order_calendar(VENUE, event, seats, page, "fr", NOW))
    (entry,) = bought.events
    assert (entry["UID"], entry["SEQUENCE"], entry["URL"]) == (season["UID"], 2, page)
    assert (entry["SUMMARY"], entry["DESCRIPTION"]) == (event.title.fr, "C4, C5")
    assert entry.start == event.starts_at
    summer = event.starts_at + timedelta(days=240)
    moved = event.model_copy(
        update={"version": 3, "starts_at": summer, "ends_at": summer + timedelta(hours=2)}
    )
    later = Calendar.from_ical(order_calendar(VENUE, moved, seats, page, "fr", NOW))
    assert (later.events[0]["UID"], later.events[0]["SEQUENCE"]) == (season["UID"], 3)
    for file, offset in ((bought, 1), (later, 2)):
        (zone,) = file.timezones
        assert zone["TZID"] == "Europe/Brussels"
        # Reckoned by the rules in the file itself, whatever the program knows of Brussels.
        start = file.events[0].start.replace(tzinfo=None)
        assert zone.to_tz(lookup_tzid=False).utcoffset(start) == timedelta(hours=offset)


def test_linked_data_says_what_the_page_says_and_ends_no_script() -> None:
    evil = Text.model_validate(dict.fromkeys(("nl", "fr", "en"), "</script><script>alert(1)</script>"))
    detail = a_detail(event=an_event(title=evil))
    written = linked_event(detail, house()["house"], "https://house.example", "nl")
    assert "<" not in written
    told = json.loads(written)
    assert told["name"] == evil.nl
    assert told["url"] == f"https://house.example/e/{detail.event.slug}"
    assert told["location"]["address"]["addressCountry"] == "BE"
    assert {(one["price"], one["priceCurrency"]) for one in told["offers"]} >= {("18.00", "EUR")}
    page = pages().render(
        "event", Reader("nl"), detail=detail, chosen=read_places([]), problem=None, door=None
    )
    assert "<script>alert" not in page
    assert linked_event(detail, house()["house"], "", "nl") in page


@pytest.mark.requirement("F-49")
def test_linked_data_offers_what_is_sold_online_at_the_price_of_each_zone() -> None:
    (full, counter, _) = a_detail().prices
    by_zone = full.model_copy(update={"zones": {"balkon": 900}})
    zones = {name: Text(nl=name, fr=name, en=name) for name in ("zaal", "balkon")}
    at_counter = counter.model_copy(update={"sold": False})
    detail = a_detail(prices=(by_zone, at_counter), zones=zones)
    told = json.loads(linked_event(detail, house()["house"], "https://house.example", "nl"))
    name = full.title.nl
    assert [(one["name"], one["price"]) for one in told["offers"]] == [
        (f"{name}, zaal", "18.00"),
        (f"{name}, balkon", "9.00"),
    ]


@given(st.text(min_size=1, max_size=20).filter(str.isprintable))
def test_a_drawing_is_sound_whatever_a_seat_is_called(label: str) -> None:
    seats = [HallSeat(id=UUID(int=1), label=label, row=label, number=1, x=0, y=0, zone="a", kind="companion")]
    drawn = ElementTree.fromstring(hall_drawing(seats, "podium", "Plan"))
    assert [title.text for title in drawn.iter("title")] == [label]
    assert hall_drawing([], "podium", "Plan") == ""


@pytest.mark.requirement("F-06")
def test_prices_by_zone_and_their_conditions_stand_beside_each_other() -> None:
    young = (
        a_detail()
        .prices[0]
        .model_copy(update={"zones": {"balkon": 900}, "oldest": 25, "least": 2, "proof": LONG})
    )
    zones = {name: Text(nl=name, fr=name, en=name) for name in ("zaal", "balkon")}
    seats = tuple(seat.model_copy(update={"zone": "zaal"}) for seat in a_detail().seats)
    page = pages().render(
        "event",
        Reader("nl"),
        detail=a_detail(prices=(young,), zones=zones, seats=seats),
        chosen=read_places([("code", " zee ")]),
        problem=None,
        door=None,
    )
    assert 'data-balkon="900"' in page
    for told in ("tot en met 25 jaar", "vanaf 2 plaatsen", "toon aan de deur: ", 'value="zee"'):
        assert told in page
