"""A hall is drawn: blocks of rows become seats with a place on the plan, and labels become seats again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.orders.planning import BlockPlan, HallSeat

LARGEST = 5000
BETWEEN_ZONES = 1.5
"""Seats between the last row of what stands and the first of a new block."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A seat on the plan; x and y are units of one seat, x is 0 in the middle."""

    label: str
    row: str
    number: int
    x: float
    y: float


def draw(block: BlockPlan, standing: Sequence[HallSeat]) -> Accepted[tuple[Drawn, ...]] | Refused:
    """The seats of a block in a hall with these seats; hall-too-large, label-twice."""
    if len(standing) + block.rows * block.seats > LARGEST:
        return Refused("hall-too-large", {"largest": LARGEST})
    drawn = tuple(_seats(block, standing))
    known = {seat.label for seat in standing}
    twice = next((seat.label for seat in drawn if seat.label in known), None)
    return Accepted(drawn) if twice is None else Refused("label-twice", {"label": twice})


def row_label(first: str, index: int) -> str:
    """The label of a row: 1, 2, 3 from a number, A, B … Z, AA, AB … from letters."""
    if first.isdigit():
        return str(int(first) + index)
    return _letters(_number(first) + index)


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _seats(block: BlockPlan, standing: Sequence[HallSeat]) -> Iterator[Drawn]:
    width = block.seats + len([aisle for aisle in block.aisles if aisle < block.seats])
    left = -(width - 1) / 2 if block.left is None else block.left
    behind = max((seat.y for seat in standing), default=-BETWEEN_ZONES) + BETWEEN_ZONES
    top = behind if block.top is None else block.top
    for depth in range(block.rows):
        row = block.prefix + row_label(block.first_row, depth)
        for place in range(1, block.seats + 1):
            number = _seat_number(block, block.seats + 1 - place if block.from_right else place)
            x = left + place - 1 + sum(aisle < place for aisle in block.aisles)
            label = f"{row}-{number}" if row[-1].isdigit() else f"{row}{number}"
            yield Drawn(label, row, number, x, top + depth)


def _seat_number(block: BlockPlan, count: int) -> int:
    return {"all": count, "odd": 2 * count - 1, "even": 2 * count}[block.numbering]


@dataclass(frozen=True, slots=True)
class Place:
    """A seat as it is named: id, label, row and number."""

    id: UUID
    label: str
    row: str
    number: int


def named(
    wanted: str, ids: Collection[UUID], places: Iterable[Place]
) -> Accepted[tuple[UUID, ...]] | Refused:
    """Seats by id and by name: `A1-A6` or `A1–6` (a range in a row), `C4`, `D` (a row).

    Refusals: unknown-seats with the name that no seat has, nothing-named.
    """
    known = tuple(places)
    found = {place.id for place in known if place.id in ids}
    for part in filter(None, (part.strip() for part in re.split(r"[,;\n]", wanted))):
        meant = _meant(part, known)
        if not meant:
            return Refused("unknown-seats", {"named": part[:40]})
        found |= meant
    return Accepted(tuple(sorted(found))) if found else Refused("nothing-named")


def _meant(part: str, places: Sequence[Place]) -> set[UUID]:
    by_label = {place.label.upper(): place for place in places}
    whole = {place.id for place in places if place.row.upper() == part.upper()}
    if part.upper() in by_label:
        return {by_label[part.upper()].id}
    if whole:
        return whole
    return _range(part.upper(), by_label, places)


def _range(part: str, by_label: dict[str, Place], places: Sequence[Place]) -> set[UUID]:
    """From one seat to another of its row, which may be named by its number alone."""
    for middle in (found.start() for found in re.finditer("[-–]", part)):
        first = by_label.get(part[:middle].strip())
        end = part[middle + 1 :].strip()
        if first is None:
            continue
        last = by_label.get(end) or next(
            (one for one in places if one.row == first.row and str(one.number) == end), None
        )
        if last is not None and last.row == first.row:
            low, high = sorted((first.number, last.number))
            return {one.id for one in places if one.row == first.row and low <= one.number <= high}
    return set()
