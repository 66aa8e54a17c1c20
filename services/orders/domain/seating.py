"""How the seats of a hall stand to each other: rows, the blocks between aisles, which places are better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from uuid import UUID

AISLE = 1.4
"""A distance between two neighbours of a row, in seats, above which an aisle runs between them."""
ONE_ROW = 1.6
"""A distance between two rows, in seats, above which they are not neighbours."""
DEPTH = 3
"""The best row is a third of the way back, and the best seats are in the middle of it."""
LESS_TO_SEE = 20.0
NEEDED = 10.0
"""What a restricted view and a released wheelchair place weigh, in seats further from the best place."""


@dataclass(frozen=True, slots=True)
class SeatAt:
    """A seat where it stands; x and y are units of one seat, y is 0 nearest the stage."""

    id: UUID
    label: str
    row: str
    x: float
    y: float
    zone: str = ""
    kind: str = "normal"


@dataclass(frozen=True)
class Block:
    """Neighbours of one row and zone from left to right; `worth` is each seat's way from the best place."""

    seats: tuple[SeatAt, ...]
    worth: tuple[float, ...]

    @cached_property
    def summed(self) -> tuple[float, ...]:
        """What the first 0, 1, 2 … seats weigh together."""
        return tuple(accumulate(self.worth, initial=0.0))

    @cached_property
    def least(self) -> float:
        """The worth of its best seat: no other is better."""
        return min(self.worth)

    @property
    def zone(self) -> str:
        """The zone of all its seats."""
        return self.seats[0].zone

    @property
    def y(self) -> float:
        """How far from the stage."""
        return self.seats[0].y

    def runs(self, free: Set[UUID]) -> Iterator[tuple[int, int]]:
        """Free neighbours, as the places of the first one and behind the last one."""
        begin = None
        for place, seat in enumerate(self.seats):
            if seat.id in free:
                begin = place if begin is None else begin
            elif begin is not None:
                yield begin, place
                begin = None
        if begin is not None:
            yield begin, len(self.seats)


@dataclass(frozen=True)
class Seating:
    """A hall: rows from the stage backwards, each as its blocks from left to right."""

    rows: tuple[tuple[Block, ...], ...]

    @staticmethod
    def of(seats: Iterable[SeatAt]) -> Seating:
        """The hall of these seats."""
        ordered = sorted(seats, key=lambda seat: (seat.y, seat.row, seat.x))
        if not ordered:
            return Seating(())
        middle = (min(seat.x for seat in ordered) + max(seat.x for seat in ordered)) / 2
        best = ordered[0].y + (ordered[-1].y - ordered[0].y) / DEPTH
        rows = groupby(ordered, key=lambda seat: (seat.y, seat.row))
        return Seating(tuple(tuple(_blocks(list(row), middle, best)) for _, row in rows))

    @cached_property
    def best_first(self) -> tuple[Block, ...]:
        """All blocks, those with the best seat first."""
        return tuple(sorted((block for row in self.rows for block in row), key=lambda block: block.least))

    @cached_property
    def for_wheelchairs(self) -> frozenset[UUID]:
        """Places for wheelchairs and companions."""
        return frozenset(
            seat.id for block in self.best_first for seat in block.seats if seat.kind in NEEDED_KINDS
        )

    @cached_property
    def neighbours(self) -> tuple[tuple[tuple[Block, ...], ...], ...]:
        """Rows that stand one behind the other, without a wide gap, from the stage backwards."""
        stretches: list[list[tuple[Block, ...]]] = []
        for row in self.rows:
            near = stretches and 0 < row[0].y - stretches[-1][-1][0].y <= ONE_ROW
            if near and stretches[-1][-1][0].zone == row[0].zone:
                stretches[-1].append(row)
            else:
                stretches.append([row])
        return tuple(tuple(one) for one in stretches)


NEEDED_KINDS = frozenset(("wheelchair", "companion"))


def _blocks(row: Sequence[SeatAt], middle: float, best: float) -> Iterator[Block]:
    block = [row[0]]
    for before, seat in pairwise(row):
        if seat.x - before.x > AISLE or seat.zone != before.zone:
            yield _block(block, middle, best)
            block = []
        block.append(seat)
    yield _block(block, middle, best)


def _block(seats: Sequence[SeatAt], middle: float, best: float) -> Block:
    return Block(tuple(seats), tuple(_worth(seat, middle, best) for seat in seats))


def _worth(seat: SeatAt, middle: float, best: float) -> float:
    away = abs(seat.x - middle) + abs(seat.y - best)
    return away + (LESS_TO_SEE if seat.kind == "restricted" else NEEDED if seat.kind in NEEDED_KINDS else 0)
