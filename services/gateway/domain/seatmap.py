"""Seats of a hall as rows and blocks, the way a person reads a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from contracts.orders.api import Seat

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


def rows(seats: Sequence[Seat]) -> tuple[Row, ...]:
    """Order seats by row (y, nearest the stage first) and place (x); rows without an aisle are one block."""
    ordered = sorted(seats, key=lambda seat: (seat.y, seat.row, seat.x))
    grouped = ((label, list(members)) for label, members in groupby(ordered, key=lambda seat: seat.row))
    return tuple(Row(label, _blocks(members)) for label, members in grouped)
