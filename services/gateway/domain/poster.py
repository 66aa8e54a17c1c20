"""A poster for an event without a picture: its title and date, and a drawing that only this event has."""

from datetime import date
from html import escape
from textwrap import wrap
from uuid import UUID

from services.gateway.domain.poster_shapes import SHAPES, WIDTH, Dice, Inks

HEIGHT = 500
MARGIN = 26
LARGEST, TALLEST, MOST_LINES = 150.0, 220.0, 5
LEADING = 0.94

INKS: tuple[Inks, ...] = (
    Inks("#14285a", "#f2b632", "#e5532f", "#fbf6ea"),
    Inks("#f1e2bd", "#d63f24", "#1b4f8f", "#171a2b"),
    Inks("#d8421f", "#fbe3c4", "#1d1f4d", "#fff6e8"),
    Inks("#0c5f55", "#f5dfae", "#f08a66", "#f8eed6"),
    Inks("#bcd8e6", "#1c2fb0", "#f0582f", "#10142b"),
    Inks("#2336cf", "#f7aebf", "#ffcf4a", "#fff7ea"),
    Inks("#f3b3c0", "#b3173a", "#1e2b78", "#1c1230"),
    Inks("#17181f", "#f0552e", "#7fb7c9", "#f6ecdc"),
    Inks("#f4c42c", "#17181f", "#1f4fd0", "#17181f"),
)


def _width(text: str) -> float:
    """The width of text in the display face, in ems: near enough to break lines by."""
    widths = {
        " ": 0.24,
        "i": 0.26,
        "l": 0.26,
        "j": 0.27,
        "t": 0.37,
        "f": 0.36,
        "r": 0.39,
        "m": 0.83,
        "w": 0.76,
    }
    return sum(widths.get(c, 0.3 if c in ".,:'’!|()-" else 0.64 if c.isupper() else 0.53) for c in text)


def _broken(title: str) -> tuple[list[str], float]:
    """The title in one to five lines, broken where the letters can be largest; lines and size."""
    text = " ".join(title.split())
    best: tuple[list[str], float] = ([text], 0.0)
    for width in range(1, len(text) + 1):
        lines = wrap(text, width, break_long_words=False, break_on_hyphens=False)
        fitting = (WIDTH - 2 * MARGIN) / max(_width(line) for line in lines)
        size = min(fitting, LARGEST, TALLEST / (len(lines) * LEADING))
        if len(lines) <= MOST_LINES and size > best[1] + 0.5:
            best = (lines, size)
    return best


def _letters(lines: list[str], size: float, top: float, inks: Inks, day: str, month: str) -> str:
    spans = "".join(
        f'<tspan x="{MARGIN - 2}" dy="{0 if number == 0 else size * LEADING:.0f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    first = top + 58 + size * 0.74
    return (
        f'<g fill="{inks.letters}" class="poster-letters">'
        f'<text x="{MARGIN}" y="{top + 42:.0f}" font-size="24">{escape(day)} {escape(month)}</text>'
        f'<text y="{first:.0f}" font-size="{size:.1f}">{spans}</text></g>'
    )


def poster(event: UUID, title: str, on: date, month: str) -> str:
    """An SVG of 4 by 5 with `title` and the date; `month` is the month's short name in the reader's language.

    The drawing follows from the event's id alone, so it stays when the title or the date changes.
    """
    dice = Dice(event)
    inks, shape = INKS[dice.below(len(INKS))], SHAPES[dice.below(len(SHAPES))]
    lines, size = _broken(title)
    zone = round(58 + size * 0.74 + size * LEADING * (len(lines) - 1) + size * 0.26 + 20)
    below = dice.below(2) == 1
    drawing = shape(dice, inks, HEIGHT - zone)
    if dice.below(2):
        drawing = f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{drawing}</g>'
    top, shift = (HEIGHT - zone, 0) if below else (0, zone)
    return (
        f'<svg class="poster" viewBox="0 0 {WIDTH} {HEIGHT}" focusable="false">'
        f'<path d="M0 0h{WIDTH}v{HEIGHT}H0z" fill="{inks.ground}"/>'
        f'<svg y="{shift}" width="{WIDTH}" height="{HEIGHT - zone}" viewBox="0 0 {WIDTH} {HEIGHT - zone}">'
        f"{drawing}</svg>"
        f"{_letters(lines, size, top, inks, str(on.day), month)}</svg>"
    )
