"""The plan of a hall as SVG: every seat where it stands, by kind, with its rows and zones by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from contracts.orders.planning import HallSeat

SIZE = 0.8
MARGIN = 2.0


def hall_drawing(seats: Sequence[HallSeat], stage: str, told: str) -> str:
    """An SVG that grows with its box; `stage` is where all look at, `told` names it; "" without seats."""
    if not seats:
        return ""
    left, right = min(seat.x for seat in seats) - MARGIN, max(seat.x for seat in seats) + MARGIN
    bottom = max(seat.y for seat in seats) + 1.5
    box = f"{left:.1f} -3 {right - left:.1f} {bottom + 3:.1f}"
    middle, half = (left + right) / 2, (right - left) / 4
    curve = f"M{middle - half:.1f} -1.2Q{middle:.1f} -2.2 {middle + half:.1f} -1.2"
    drawn = "".join((*_rows(seats, left), *(_seat(seat) for seat in seats)))
    return (
        f'<svg class="hall-plan" viewBox="{box}" role="img" aria-label="{escape(told)}">'
        f'<path class="hall-stage" d="{curve}"/>'
        f'<text class="hall-word" x="{middle:.1f}" y="-2">{escape(stage)}</text>{drawn}</svg>'
    )


def _rows(seats: Sequence[HallSeat], left: float) -> Iterator[str]:
    ordered = sorted(seats, key=lambda seat: (seat.y, seat.row))
    for (y, row), _ in groupby(ordered, key=lambda seat: (seat.y, seat.row)):
        yield f'<text class="hall-row" x="{left + 0.6:.1f}" y="{y + 0.3:.1f}">{escape(row)}</text>'


def _seat(seat: HallSeat) -> str:
    x, y = seat.x - SIZE / 2, seat.y - SIZE / 2
    place = f'x="{x:.1f}" y="{y:.1f}" width="{SIZE}" height="{SIZE}" rx=".2"'
    return f'<rect class="k-{seat.kind}" {place}><title>{escape(seat.label)}</title></rect>'
