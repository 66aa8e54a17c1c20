"""The house's one accent as CSS properties that can be read: contrast is checked, a poor choice is mended."""

from dataclasses import dataclass

PAPER = (251, 250, 246)
NIGHT = (16, 18, 22)
READABLE = 4.5
"""The contrast that WCAG 2.2 AA asks for text (1.4.3)."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Accent:
    """An accent for paper and for night, each with the ink on it; `mended` where it was changed."""

    paper: str
    paper_ink: str
    night: str
    night_ink: str
    mended: bool


def _parse(text: str) -> Colour:
    digits = text.removeprefix("#")
    if len(digits) != 6:
        raise ValueError("an accent is written as six hexadecimal digits")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _write(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (p / 255 for p in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _towards(colour: Colour, end: Colour, ground: Colour) -> Colour:
    for step in range(51):
        share = step / 50
        mixed = tuple(round(a + (b - a) * share) for a, b in zip(colour, end, strict=True))
        candidate: Colour = (mixed[0], mixed[1], mixed[2])
        if contrast(candidate, ground) >= READABLE:
            return candidate
    return end


def _ink_on(colour: Colour) -> str:
    white, black = (255, 255, 255), NIGHT
    return _write(white if contrast(colour, white) >= contrast(colour, black) else black)


def accent(text: str) -> Accent:
    """Make an accent of `#rrggbb`: darkened for paper and lightened for night as far as reading needs."""
    wanted = _parse(text)
    paper, night = _towards(wanted, (0, 0, 0), PAPER), _towards(wanted, (255, 255, 255), NIGHT)
    return Accent(_write(paper), _ink_on(paper), _write(night), _ink_on(night), mended=paper != wanted)


def accent_css(text: str) -> str:
    """The style sheet that puts an organiser's accent in the place of ours."""
    made = accent(text)
    return (
        f":root{{--accent:{made.paper};--accent-ink:{made.paper_ink}}}\n"
        f"[data-theme=night]{{--accent:{made.night};--accent-ink:{made.night_ink}}}\n"
    )
