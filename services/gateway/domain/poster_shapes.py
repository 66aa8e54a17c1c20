"""The drawings of generated posters: each fills the box (0, 0) to (WIDTH, height) in two colours."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from uuid import UUID

WIDTH = 400
SALT = b"990"
"""Changing this draws every poster anew."""


class Dice:
    """Throws that depend on an event's id only, so that its poster is the same everywhere and for ever."""

    def __init__(self, seed: UUID) -> None:
        self._seed, self._count = SALT + seed.bytes, 0

    def below(self, limit: int) -> int:
        """A whole number from 0 up to and without `limit`."""
        self._count += 1
        digest = hashlib.sha256(self._seed + self._count.to_bytes(2, "big")).digest()
        return int.from_bytes(digest[:4], "big") % limit

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        return low + (high - low) * self.below(10_000) / 9_999


@dataclass(frozen=True)
class Inks:
    """The colours of one poster: its ground, two inks to draw with, and the ink of the letters."""

    ground: str
    one: str
    two: str
    letters: str


Shape = Callable[[Dice, Inks, int], str]


def _n(value: float) -> str:
    return f"{value:.0f}"


def _disc(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"/>'


def _polygon(points: list[tuple[float, float]], fill: str) -> str:
    return f'<path d="M{"L".join(f"{_n(x)} {_n(y)}" for x, y in points)}z" fill="{fill}"/>'


def tide(dice: Dice, inks: Inks, height: int) -> str:
    """A disc, and the sea in bands before it."""
    parts = [_disc(dice.between(90, 310), height * dice.between(0.24, 0.4), dice.between(70, 120), inks.one)]
    bands, phase = 4 + dice.below(3), dice.between(0, 6)
    top = height * 0.4
    for band in range(bands):
        level = top + (height - top) * band / bands
        swell = dice.between(9, 22)
        crests = [
            (x, level + swell * sin(x / dice_length + phase + band * 1.7))
            for dice_length in (46 + 11 * band,)
            for x in range(0, WIDTH + 1, 10)
        ]
        fill = (inks.two, inks.letters, inks.two, inks.one)[band % 4]
        parts.append(_polygon([*crests, (WIDTH, height), (0, height)], fill))
    return "".join(parts)


def low_sun(dice: Dice, inks: Inks, height: int) -> str:
    """A large disc that the horizon cuts into slices."""
    x, radius = dice.between(150, 250), min(height * 0.62, 190.0)
    y = height * dice.between(0.5, 0.6)
    slices, line = [], y - radius * 0.15
    thickness = 4.0
    while line < y + radius:
        slices.append(f'<path d="M0 {_n(line)}h{WIDTH}v{_n(thickness)}H0z" fill="{inks.ground}"/>')
        line += 26
        thickness += 3
    small = _disc(x + radius * dice.between(-0.9, 0.9), height * 0.16, dice.between(14, 30), inks.two)
    return _disc(x, y, radius, inks.one) + "".join(slices) + small


def tiles(dice: Dice, inks: Inks, height: int) -> str:
    """A floor of quarter circles, each turned by chance."""
    side = WIDTH / 4
    parts = []
    for row in range(int(height // side) + 1):
        for column in range(4):
            x, y = column * side, row * side
            corner = dice.below(5)
            if corner == 4:
                parts.append(_disc(x + side / 2, y + side / 2, side * 0.3, inks.two))
                continue
            cx, cy = x + side * (corner % 2), y + side * (corner // 2)
            dx, dy = (side, side) if corner == 0 else (-side, side) if corner == 1 else (side, -side)
            dx, dy = (-side, -side) if corner == 3 else (dx, dy)
            sweep = 1 if dx * dy > 0 else 0
            fill = (inks.one, inks.two, inks.letters)[dice.below(3)]
            arc = f"a{_n(side)} {_n(side)} 0 0 {sweep} {_n(-dx)} {_n(dy)}"
            parts.append(f'<path d="M{_n(cx)} {_n(cy)}h{_n(dx)}{arc}z" fill="{fill}"/>')
    return "".join(parts)


def sails(dice: Dice, inks: Inks, height: int) -> str:
    """Two or three sails in the wind over a strip of sea."""
    sea = height * dice.between(0.8, 0.88)
    parts, count = [], 2 + dice.below(2)
    for sail in range(count):
        foot = 30 + sail * (WIDTH - 60) / count
        span = dice.between(120, 190)
        top = height * dice.between(0.02, 0.22)
        belly = dice.between(0.1, 0.35) * span
        fill = (inks.one, inks.letters, inks.two)[sail % 3]
        curve = f"Q{_n(foot + span + belly)} {_n((top + sea) / 2)} {_n(foot + span)} {_n(sea)}"
        parts.append(f'<path d="M{_n(foot + span * 0.25)} {_n(top)}{curve}H{_n(foot)}z" fill="{fill}"/>')
    parts.append(_polygon([(0, sea), (WIDTH, sea), (WIDTH, height), (0, height)], inks.two))
    return "".join(parts)


def foam(dice: Dice, inks: Inks, height: int) -> str:
    """A field of dots that swells where two waves meet."""
    step, parts = 32, []
    x1, y1 = dice.between(0, WIDTH), dice.between(0, height)
    x2, y2 = dice.between(0, WIDTH), dice.between(0, height)
    length = dice.between(30, 52)
    for row in range(height // step + 2):
        for column in range(WIDTH // step + 2):
            x, y = column * step + (step / 2 if row % 2 else 0), row * step
            wave = cos(hypot(x - x1, y - y1) / length) + cos(hypot(x - x2, y - y2) / length)
            radius = 8 + 6.7 * wave
            if radius >= 1.5:
                fill = "two" if wave > 1.1 else "one"
                parts.append(_disc(x, y, radius, getattr(inks, fill)))
    return "".join(parts)


def beam(dice: Dice, inks: Inks, height: int) -> str:
    """A lighthouse: rays from one point at the edge."""
    x = (0.0, WIDTH / 2, float(WIDTH))[dice.below(3)]
    y = height * dice.between(0.6, 0.95)
    rays, turn = 11 + 2 * dice.below(4), dice.between(0, 1)
    parts = []
    for ray in range(rays):
        angle = 2 * pi * (ray + turn) / rays
        width = pi / rays * 0.52
        ends = [(x + 800 * cos(a), y + 800 * sin(a)) for a in (angle - width, angle + width)]
        parts.append(_polygon([(x, y), *ends], inks.two if ray % 3 == 0 else inks.one))
    return "".join(parts) + _disc(x, y, 62, inks.ground) + _disc(x, y, 44, inks.letters)


def groynes(dice: Dice, inks: Inks, height: int) -> str:
    """Posts in the sea, as breakwaters stand, and one disc."""
    count = 11 + dice.below(6)
    width = WIDTH / count
    phase, slow = dice.between(0, 6), dice.between(0.25, 0.5)
    disc = _disc(dice.between(80, 320), height * 0.34, dice.between(60, 95), inks.two)
    parts = [disc]
    for post in range(count):
        top = height * (0.52 + 0.34 * sin(post * slow + phase)) + dice.between(-12, 12)
        fill = inks.one if post % 2 else inks.letters
        left, right = post * width, post * width + width * 0.72
        parts.append(_polygon([(left, top), (right, top), (right, height), (left, height)], fill))
    return "".join(parts)


def rings(dice: Dice, inks: Inks, height: int) -> str:
    """Circles in the water around a place off the middle, and a second drop."""
    x, y = dice.between(60, 340), height * dice.between(0.35, 0.75)
    step = dice.between(24, 36)
    parts = []
    for ring in range(int(460 / step), 0, -1):
        parts.append(_disc(x, y, ring * step, (inks.ground, inks.one)[ring % 2]))
    parts.append(_disc(x, y, step * 0.9, inks.two))
    x2, y2 = WIDTH - x, height * dice.between(0.1, 0.9)
    return "".join(parts) + _disc(x2, y2, step * 1.5, inks.ground) + _disc(x2, y2, step * 1.1, inks.two)


def kites(dice: Dice, inks: Inks, height: int) -> str:
    """Kites over the beach, each on its string."""
    parts = []
    for kite in range(3):
        x, y = 70 + kite * 125 + dice.between(-30, 30), height * dice.between(0.22, 0.55)
        size, lean = dice.between(46, 84), dice.between(-0.5, 0.5)
        foot = (x + 160 * lean + dice.between(-30, 30), float(height))
        string = f'<path d="M{_n(x)} {_n(y)}Q{_n(x)} {_n(height * 0.8)} {_n(foot[0])} {height}"'
        parts.append(f'{string} fill="none" stroke="{inks.letters}" stroke-width="2"/>')
        left, right = (x - size * 0.7, y + lean * size), (x + size * 0.7, y - lean * size)
        top, tail = (x + lean * size, y - size), (x - lean * size, y + size * 1.5)
        parts.append(_polygon([left, top, right], inks.one))
        parts.append(_polygon([left, tail, right], (inks.two, inks.letters)[kite % 2]))
    return "".join(parts)


def shells(dice: Dice, inks: Inks, height: int) -> str:
    """Overlapping fans in rows, as scales and shells lie."""
    radius = (67, 100)[dice.below(2)]
    order = (inks.one, inks.ground, inks.two, inks.ground, inks.letters)
    turn, parts = dice.below(3), []
    for row in range(-1, height * 2 // radius + 1):
        for column in range(-1, WIDTH // (2 * radius) + 2):
            x, y = column * 2 * radius + (radius if row % 2 else 0), (row + 1) * radius / 2 + radius
            for ring in range(4):
                fill = order[(ring + turn * (row % 2)) % len(order)]
                parts.append(_disc(x, y, radius * (1 - ring * 0.27), fill))
    return "".join(parts)


def horizon(dice: Dice, inks: Inks, height: int) -> str:
    """Two half discs that slid apart along a line."""
    y, radius = height * dice.between(0.44, 0.56), min(150.0, height * 0.42)
    slide = dice.between(30, 90)
    left, right = WIDTH / 2 - slide - radius, WIDTH / 2 + slide - radius
    arc = f"a{_n(radius)} {_n(radius)} 0 0"
    upper = f'<path d="M{_n(left)} {_n(y)}{arc} 1 {_n(2 * radius)} 0z" fill="{inks.one}"/>'
    lower = f'<path d="M{_n(right)} {_n(y)}{arc} 0 {_n(2 * radius)} 0z" fill="{inks.two}"/>'
    line = f'<path d="M0 {_n(y)}h{WIDTH}" stroke="{inks.letters}" stroke-width="3"/>'
    return upper + lower + line


def currents(dice: Dice, inks: Inks, height: int) -> str:
    """Broad streams that run beside each other and bend together."""
    bend, turn = dice.between(60, 130), dice.between(0.35, 0.65)
    width, parts = dice.between(22, 30), []
    for stream in range(int((WIDTH + 2 * bend) / (width * 1.5))):
        x = stream * width * 1.5 - bend
        fill = (inks.one, inks.two, inks.one, inks.letters)[stream % 4]
        middle = height * turn
        path = f"M{_n(x)} 0C{_n(x)} {_n(middle)} {_n(x + bend)} {_n(height - middle)} {_n(x + bend)} {height}"
        parts.append(f'<path d="{path}" fill="none" stroke="{fill}" stroke-width="{_n(width)}"/>')
    return "".join(parts)


SHAPES: tuple[Shape, ...] = (
    tide,
    low_sun,
    tiles,
    sails,
    foam,
    beam,
    groynes,
    rings,
    kites,
    shells,
    horizon,
    currents,
)
