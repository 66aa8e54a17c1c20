"""Posters, accents and rows of seats: pure functions behind the pages."""

from datetime import date
from uuid import UUID, uuid5
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.accent import NIGHT, PAPER, READABLE, accent, contrast
from services.gateway.domain.poster import HEIGHT, poster
from services.gateway.domain.poster_shapes import WIDTH
from services.gateway.domain.seatmap import rows
from tests.gateway.plausible import seats

DAY = date(2026, 11, 28)


def _colour(text: str) -> tuple[int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def test_a_poster_is_the_same_every_time_and_another_for_each_event() -> None:
    drawn = {poster(uuid5(UUID(int=0), str(number)), "Zout", DAY, "nov") for number in range(60)}
    assert len(drawn) == 60
    assert poster(UUID(int=1), "Zout", DAY, "nov") == poster(UUID(int=1), "Zout", DAY, "nov")


@given(st.uuids(), st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=90))
def test_a_poster_holds_its_whole_title_on_the_sheet(event: UUID, title: str) -> None:
    drawn = ElementTree.fromstring(poster(event, title, DAY, "nov"))
    text = drawn.findall("g/text")[1]
    words = [word for line in text for word in (line.text or "").split()]
    assert words == title.split()
    last = float(text.get("y", "0")) + sum(float(line.get("dy", "0")) for line in text)
    assert 0 < last < HEIGHT


def test_a_poster_stays_light() -> None:
    sizes = [
        len(poster(uuid5(UUID(int=1), str(n)), "Een lange titel voor een avond", DAY, "nov"))
        for n in range(300)
    ]
    assert max(sizes) < 16_000
    assert sum(sizes) / len(sizes) < 6_000
    assert WIDTH * 5 == HEIGHT * 4


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_can_be_read_on_paper_and_at_night(number: int) -> None:
    made = accent(f"#{number:06x}")
    assert contrast(_colour(made.paper), PAPER) >= READABLE
    assert contrast(_colour(made.night), NIGHT) >= READABLE
    assert contrast(_colour(made.paper), _colour(made.paper_ink)) >= READABLE
    assert contrast(_colour(made.night), _colour(made.night_ink)) >= READABLE


def test_an_accent_that_reads_well_is_left_alone_and_one_that_does_not_is_mended() -> None:
    assert accent("#2233d1").paper == "#2233d1"
    assert not accent("#2233d1").mended
    assert accent("#ffd500").mended


def test_an_accent_is_six_digits() -> None:
    with pytest.raises(ValueError, match="six hexadecimal digits"):
        accent("#fff")


def test_seats_stand_in_rows_with_the_aisle_between_blocks() -> None:
    plan = rows(list(reversed(seats())))
    assert [row.label for row in plan] == ["A", "B"]
    assert [[seat.label for seat in block] for block in plan[0].blocks] == [["A1", "A2"], ["A3", "A4"]]
