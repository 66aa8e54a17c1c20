"""Seats of a hall as rows and blocks, the way a person reads a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from contracts.orders.api import EventDetail, Seat

AISLE = 1.4
"""A distance between two neighbours of a row, in seats, above which an aisle runs between them."""


@dataclass(frozen=True)
class Row:
    """One row from the stage backwards: its letter, and its seats in blocks with an aisle between blocks."""

    label: str
    blocks: tuple[tuple[Seat, ...], ...]


def _blocks(seats: Sequence[Seat]) -> tuple[tuple[Seat, ...], ...]:
    blocks: list[list[Seat]] = [[seats[0]]]
    for before, seat in pairwise(seats):
        if seat.x - before.x > AISLE:
            blocks.append([])
        blocks[-1].append(seat)
    return tuple(tuple(block) for block in blocks)


def places_of(detail: EventDetail) -> list[list[float]]:
    """Of each seat in the order of `rows`: x, y, and which of EventDetail.seats it is."""
    known = {seat.id: at for at, seat in enumerate(detail.seats)}
    seats = (seat for row in rows(detail.seats) for block in row.blocks for seat in block)
    return [[_short(seat.x), _short(seat.y), known[seat.id]] for seat in seats]


def _short(number: float) -> float:
    """A whole number without its `.0`: there are hundreds of them on a page."""
    return int(number) if number.is_integer() else round(number, 2)


def rows(seats: Sequence[Seat]) -> tuple[Row, ...]:
    """Order seats by row (y, nearest the stage first) and place (x); rows without an aisle are one block."""
    ordered = sorted(seats, key=lambda seat: (seat.y, seat.row, seat.x))
    grouped = ((label, list(members)) for label, members in groupby(ordered, key=lambda seat: seat.row))
    return tuple(Row(label, _blocks(members)) for label, members in grouped)
