"""Seats picked by hand leave no free seat on its own, unless that cannot be helped (F-02)."""

from __future__ import annotations

from collections.abc import Iterator, Set
from uuid import UUID

from services.orders.domain.seating import Block, SeatAt, Seating


def left_alone(seating: Seating, free: Set[UUID], picked: Set[UUID]) -> SeatAt | None:
    """A free seat that this choice leaves alone although the same number of seats beside it would not.

    It cannot be helped where all free neighbours but one are picked: then whichever is left is a single one.
    """
    for row in seating.rows:
        for block in row:
            if not picked.isdisjoint(seat.id for seat in block.seats):
                alone = next(_alone(block, free, picked), None)
                if alone is not None:
                    return alone
    return None


def _alone(block: Block, free: Set[UUID], picked: Set[UUID]) -> Iterator[SeatAt]:
    for begin, end in block.runs(free):
        seats = block.seats[begin:end]
        left = [seat.id not in picked for seat in seats]
        if len(seats) - sum(left) == 0 or sum(left) == 1:
            continue
        for place, seat in enumerate(seats):
            beside = left[max(place - 1, 0) : place] + left[place + 1 : place + 2]
            if left[place] and not any(beside):
                yield seat
