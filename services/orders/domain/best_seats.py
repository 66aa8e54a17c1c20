"""The best seats for a party: together, and so that nobody else is left with a single seat (F-02).

In this order: side by side; in one row across an aisle; in groups as equal as can be, one behind the other.
Within each, first what leaves the fewest single seats free, then what is nearest to the best place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from services.orders.domain.seating import Block, SeatAt, Seating

MOST_GROUPS = 4
BEHIND = 2.0
"""Groups of a party sit one behind the other when their middles are at most this far apart, in seats."""
ALONE_AT_AN_AISLE = 3.0
Picked = tuple[SeatAt, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """Seats side by side: the single ones they leave, how far from the best place, where their middle is."""

    singles: int
    worth: float
    middle: float
    seats: Picked

    @property
    def rank(self) -> tuple[int, float]:
        """The lower the better."""
        return self.singles, self.worth


def best_seats(seating: Seating, free: Set[UUID], count: int, zone: str | None = None) -> Picked | None:
    """Seats for a party of `count`, in one zone where it is named; None where they would not sit together."""
    blocks = [block for block in seating.best_first if zone is None or block.zone == zone]
    side_by_side = _side_by_side(blocks, free, count)
    if side_by_side is not None:
        return side_by_side.seats
    across = min(_across(seating, free, count, zone), key=lambda spot: spot.rank, default=None)
    return across.seats if across is not None else _one_behind_the_other(seating, free, count, zone)


def with_wheelchair(seating: Seating, free: Set[UUID], count: int, zone: str | None = None) -> Picked | None:
    """A wheelchair place and the seats nearest to it, companions' first; None where there is none."""
    seats = [seat for block in seating.best_first for seat in block.seats if seat.id in free]
    wanted = [seat for seat in seats if zone is None or seat.zone == zone]
    found: list[tuple[float, Picked]] = []
    for place in (seat for seat in wanted if seat.kind == "wheelchair"):
        near = sorted(
            (_away(place, seat), seat.label, seat) for seat in wanted if _beside(place, seat, count)
        )
        others = near[: count - 1]
        if len(others) == count - 1:
            found.append((sum(way for way, _, _ in others), (place, *(seat for _, _, seat in others))))
    return min(found, key=lambda one: one[0])[1] if found else None


def _beside(place: SeatAt, seat: SeatAt, count: int) -> bool:
    """Whether a seat is near enough to a wheelchair place to be of one party with it."""
    near = abs(seat.y - place.y) <= 1 and abs(seat.x - place.x) <= count
    return near and seat.kind != "wheelchair" and seat.id != place.id


def _away(place: SeatAt, seat: SeatAt) -> float:
    way = abs(seat.x - place.x) + 3 * abs(seat.y - place.y)
    return way - (1 if seat.kind == "companion" else 0)


def _side_by_side(blocks: Sequence[Block], free: Set[UUID], count: int) -> _Spot | None:
    """The best spot in blocks that come best first: what cannot be better any more is not looked at."""
    best: _Spot | None = None
    for block in blocks:
        if best is not None and not best.singles and count * block.least >= best.worth:
            break
        for spot in _spots(block, free, count):
            if best is None or spot.rank < best.rank:
                best = spot
    return best


def _spots(block: Block, free: Set[UUID], count: int) -> Iterator[_Spot]:
    summed, seats = block.summed, block.seats
    for begin, end in block.runs(free):
        for first in range(begin, end - count + 1):
            behind = first + count
            singles = (first - begin == 1) + (end - behind == 1)
            middle = (seats[first].x + seats[behind - 1].x) / 2
            yield _Spot(singles, summed[behind] - summed[first], middle, seats[first:behind])


def _across(seating: Seating, free: Set[UUID], count: int, zone: str | None) -> Iterator[_Spot]:
    """Spots at both sides of one aisle."""
    for row in seating.rows:
        for left, right in pairwise(row):
            if left.zone == right.zone and zone in (None, left.zone):
                yield from _around_aisle(left, right, free, count)


def _around_aisle(left: Block, right: Block, free: Set[UUID], count: int) -> Iterator[_Spot]:
    before = next((end - begin for begin, end in left.runs(free) if end == len(left.seats)), 0)
    behind = next((end for begin, end in right.runs(free) if begin == 0), 0)
    for here in range(max(1, count - behind), min(before, count - 1) + 1):
        there = count - here
        size = len(left.seats)
        worth = left.summed[size] - left.summed[size - here] + right.summed[there]
        alone = ALONE_AT_AN_AISLE * ((here == 1) + (there == 1))
        singles = (before - here == 1) + (behind - there == 1)
        yield _Spot(singles, worth + alone, 0.0, left.seats[size - here :] + right.seats[:there])


def _one_behind_the_other(seating: Seating, free: Set[UUID], count: int, zone: str | None) -> Picked | None:
    """Groups in neighbouring rows, as few and as equal as can be."""
    for groups in range(2, min(count, MOST_GROUPS) + 1):
        small, larger = divmod(count, groups)
        sizes = [small + 1] * larger + [small] * (groups - larger)
        found = [
            spot
            for rows in seating.neighbours
            if zone in (None, rows[0][0].zone)
            for first in range(len(rows) - groups + 1)
            for order in {tuple(sizes), tuple(reversed(sizes))}
            for spot in _groups(rows[first : first + groups], free, order)
        ]
        if found:
            return min(found, key=lambda spot: spot.rank).seats
    return None


def _groups(rows: Sequence[Sequence[Block]], free: Set[UUID], sizes: Sequence[int]) -> Iterator[_Spot]:
    """Each spot in the first row with the best one straight behind it in the next row, and so on."""
    spots = [
        sorted((spot for block in row for spot in _spots(block, free, size)), key=lambda spot: spot.middle)
        for row, size in zip(rows, sizes, strict=True)
    ]
    middles = [[spot.middle for spot in row] for row in spots]
    for begun in spots[0]:
        party: _Spot | None = begun
        for row, places in zip(spots[1:], middles[1:], strict=True):
            party = _joined(party, row, places) if party else None
        if party is not None:
            yield party


def _joined(party: _Spot, row: Sequence[_Spot], middles: Sequence[float]) -> _Spot | None:
    first = bisect_left(middles, party.middle - BEHIND)
    near = row[first : bisect_left(middles, party.middle + BEHIND + 0.01)]
    if not near:
        return None
    spot = min(near, key=lambda one: (one.singles, one.worth + abs(one.middle - party.middle)))
    return _Spot(
        party.singles + spot.singles, party.worth + spot.worth, spot.middle, party.seats + spot.seats
    )
