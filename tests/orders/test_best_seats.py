"""The best seats for a party: together, no single seats, the better place first (F-02)."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import replace
from time import process_time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain.best_seats import best_seats, with_wheelchair
from services.orders.domain.seating import SeatAt, Seating
from services.orders.domain.single_seats import left_alone

WIDTH, ROWS = 8, 4


def hall(rows: int = ROWS, width: int = WIDTH, aisle: int = 4, balcony: int = 3) -> tuple[SeatAt, ...]:
    """Rows A, B, C …, an aisle after some seats, and the last row in a zone of its own."""
    return tuple(
        SeatAt(
            UUID(int=row * 1000 + number),
            f"{chr(65 + row)}{number}",
            chr(65 + row),
            number + (number > aisle) - width / 2,
            float(row),
            "balcony" if row >= balcony else "stalls",
        )
        for row in range(rows)
        for number in range(1, width + 1)
    )


SEATS = hall()
HALL = Seating.of(SEATS)
BY_LABEL = {seat.label: seat.id for seat in SEATS}
ALL = frozenset(BY_LABEL.values())
FREE = st.sets(st.sampled_from(sorted(ALL)), min_size=1).map(frozenset)
SIZES = st.integers(1, 7)


def ids(labels: str) -> frozenset[UUID]:
    """Seats by their labels: "A1 A2"."""
    return frozenset(BY_LABEL[label] for label in labels.split())


def picked(free: Set[UUID], count: int, zone: str | None = None) -> list[str]:
    """What the house picks, by label."""
    found = best_seats(HALL, free, count, zone)
    return sorted(seat.label for seat in found) if found else []


def runs_of(free: Set[UUID]) -> list[int]:
    """How many free seats stand side by side, everywhere."""
    return [end - begin for block in HALL.best_first for begin, end in block.runs(free)]


def singles(free: Set[UUID]) -> int:
    """How many free seats have no free neighbour."""
    return runs_of(free).count(1)


@pytest.mark.requirement("F-02")
def test_a_party_sits_in_the_middle_a_third_of_the_way_back() -> None:
    assert picked(ALL, 2) == ["B3", "B4"]
    assert picked(ALL, 4) == ["B1", "B2", "B3", "B4"]


def test_a_zone_is_kept_to() -> None:
    assert picked(ALL, 2, "balcony") == ["D3", "D4"]
    assert picked(ids("A1 A2"), 2, "balcony") == []


def test_nobody_else_is_left_with_a_single_seat() -> None:
    """Three of four would leave one: further from the middle there is room for exactly three."""
    assert picked(ids("B1 B2 B3 B4 D5 D6 D7"), 3) == ["D5", "D6", "D7"]
    assert picked(ids("B1 B2 B3 B4"), 3) == ["B2", "B3", "B4"], "where it cannot be helped"


def test_a_party_that_finds_no_run_sits_across_an_aisle_and_then_in_rows_behind_each_other() -> None:
    assert picked(ids("A3 A4 A5 A6 C1"), 4) == ["A3", "A4", "A5", "A6"]
    assert picked(ids("A2 A3 A4 B2 B3 C7 C8"), 5) == ["A2", "A3", "A4", "B2", "B3"]
    assert picked(ids("A1 A2 C5 C6"), 4) == [], "not in rows that are far from each other"
    assert picked(ids("A1 B8"), 2) == [], "nor at the two ends of the hall"


def test_less_to_see_is_for_when_there_is_nothing_better() -> None:
    dim = Seating.of(replace(seat, kind="restricted") if seat.row == "B" else seat for seat in SEATS)
    found = best_seats(dim, ALL, 2)
    assert found is not None
    assert {seat.row for seat in found} != {"B"}


def test_a_wheelchair_place_comes_with_its_companions_and_the_seats_beside_it() -> None:
    kinds = {"C1": "wheelchair", "C2": "companion"}
    seats = Seating.of(replace(seat, kind=kinds.get(seat.label, "normal")) for seat in SEATS)
    found = with_wheelchair(seats, ALL, 3)
    assert found is not None
    assert [seat.label for seat in found] == ["C1", "C2", "C3"]
    assert with_wheelchair(seats, ALL - ids("C1"), 2) is None


@given(FREE, SIZES)
def test_what_is_picked_is_free_of_the_right_number_and_together(free: frozenset[UUID], count: int) -> None:
    found = best_seats(HALL, free, count)
    if found is None:
        assert max(runs_of(free)) < count, "a run that is long enough is always found"
        return
    assert len({seat.id for seat in found}) == len(found) == count
    assert {seat.id for seat in found} <= free
    assert len({seat.zone for seat in found}) == 1
    rows = {seat.y for seat in found}
    assert max(rows) - min(rows) == len(rows) - 1, "neighbouring rows"
    sizes = [sum(seat.y == row for seat in found) for row in rows]
    assert max(sizes) - min(sizes) <= 1, "groups as equal as can be"
    if count in runs_of(free) or max(runs_of(free)) >= count:
        assert len(rows) == 1
        places = sorted(seat.x for seat in found)
        assert places[-1] - places[0] == count - 1, "side by side where that is possible"


@given(FREE, SIZES)
def test_single_seats_are_made_only_where_every_spot_makes_one(free: frozenset[UUID], count: int) -> None:
    found = best_seats(HALL, free, count)
    spots = [frozenset(spot) for spot in _side_by_side(free, count)]
    if found is not None and spots:
        before = singles(free)
        made = singles(free - {seat.id for seat in found}) - before
        assert made <= max(0, min(singles(free - spot) - before for spot in spots))


@given(FREE, SIZES)
def test_no_free_spot_that_leaves_no_more_singles_is_better(free: frozenset[UUID], count: int) -> None:
    found = best_seats(HALL, free, count)
    if found is None or not (spots := list(_side_by_side(free, count))):
        return
    worth = {
        seat.id: seat_worth
        for block in HALL.best_first
        for seat, seat_worth in zip(block.seats, block.worth, strict=True)
    }
    left = singles(free - {seat.id for seat in found})
    rivals = [spot for spot in spots if singles(free - set(spot)) <= left]
    assert sum(worth[seat.id] for seat in found) <= min(sum(worth[one] for one in spot) for spot in rivals)


def _side_by_side(free: Set[UUID], count: int) -> Iterable[list[UUID]]:
    """Every spot of so many free neighbours, found the slow way."""
    for block in HALL.best_first:
        for first in range(len(block.seats) - count + 1):
            spot = [seat.id for seat in block.seats[first : first + count]]
            if free >= set(spot):
                yield spot


def test_a_pick_in_a_hall_of_two_thousand_takes_about_a_millisecond() -> None:
    seats = hall(rows=50, width=40, aisle=20, balcony=40)
    large = Seating.of(seats)
    free = {seat.id for seat in seats if seat.id.int % 7}
    best_seats(large, free, 2)
    began = process_time()
    for _ in range(20):
        assert best_seats(large, free, 4) is not None
    assert (process_time() - began) / 20 < 0.005, "it takes a tenth of a millisecond alone on the machine"


@pytest.mark.parametrize(
    ("free", "chosen", "alone"),
    [
        ("A1 A2 A3 A4", "A2", "A1"),
        ("A1 A2 A3 A4", "A3", "A4"),
        ("A1 A2 A3 A4", "A1 A3", "A2"),
        ("A1 A2 A3 A4", "A1 A2", None),
        ("A1 A2 A3 A4", "A1", None),
        ("A1 A2 A3 A4", "A1 A2 A3", None),
        ("A1 A2 A3", "A2", "A1"),
        ("A1 A2", "A2", None),
        ("A1 A3 A4", "A3 A4", None),
        ("A3 A4 A5 A6", "A4", None),
        ("A1 A2 A3 A4 B1 B2 B3", "A1 A2 B2", "B1"),
    ],
)
@pytest.mark.requirement("F-02")
def test_a_choice_by_hand_leaves_no_single_seat_unless_it_cannot_be_helped(
    free: str, chosen: str, alone: str | None
) -> None:
    """A5 stands across the aisle; with one seat left of a run, one is single whatever was chosen."""
    found = left_alone(HALL, ids(free), ids(chosen))
    assert (found.label if found else None) == alone


@given(FREE, SIZES)
def test_what_the_house_picks_could_have_been_picked_by_hand(free: frozenset[UUID], count: int) -> None:
    found = best_seats(HALL, free, count)
    spots = [spot for spot in _side_by_side(free, count) if singles(free - set(spot)) <= singles(free)]
    if found is not None and spots:
        assert left_alone(HALL, free, {seat.id for seat in found}) is None
