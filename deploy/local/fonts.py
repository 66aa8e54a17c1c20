"""Cuts the two typefaces to what the house uses.

The display face has three axes; the pages use one of them (weight), in one narrow width and one large optical
size. Pinning the other two takes the file from 131 kB to about 40 kB. The typesetter of the tickets wants
static fonts.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

DISPLAY = "bricolage-grotesque/files/bricolage-grotesque-{part}-standard-normal.woff2"
TEXT = "instrument-sans/files/instrument-sans-{part}-wght-normal.woff2"
DISPLAY_CUT = {"opsz": 60.0, "wdth": 84.0}
FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "tnum", "pnum"]


def _trimmed(font: TTFont) -> TTFont:
    options = subset.Options()
    options.layout_features = FEATURES
    options.name_IDs = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=font.getBestCmap().keys())
    cutter.subset(font)
    return font


def for_the_web(source: Path, target: Path, axes: dict[str, float | tuple[float, float]]) -> None:
    """Write `source` with `axes` pinned (a number) or narrowed (a pair) as woff2."""
    font = instancer.instantiateVariableFont(_trimmed(TTFont(source)), axes)
    font.flavor = "woff2"
    font.save(target)


def for_paper(source: Path, target: Path, axes: dict[str, float], family: str, bold: bool) -> None:
    """Write one static TTF under a family name that the ticket template asks for."""
    font = instancer.instantiateVariableFont(TTFont(source), axes)
    font.flavor = None
    style = "Bold" if bold else "Regular"
    for name_id, text in ((1, family), (2, style), (4, f"{family} {style}"), (16, family), (17, style)):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["name"].setName(f"{family}-{style}".replace(" ", ""), 6, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font["head"].macStyle = 1 if bold else 0
    font.save(target)


def main(packages: Path, web: Path, paper: Path) -> None:
    """Cut every file; both folders exist already."""
    for part in ("latin", "latin-ext"):
        display, text = packages / DISPLAY.format(part=part), packages / TEXT.format(part=part)
        for_the_web(display, web / f"display-{part}.woff2", {**DISPLAY_CUT, "wght": (500.0, 800.0)})
        for_the_web(text, web / f"text-{part}.woff2", {"wght": (400.0, 700.0)})
        suffix = "" if part == "latin" else " Ext"
        for_paper(
            display,
            paper / f"display-{part}.ttf",
            {**DISPLAY_CUT, "wght": 800.0},
            f"House Display{suffix}",
            True,
        )
        for bold in (False, True):
            target = paper / f"text-{part}-{'bold' if bold else 'regular'}.ttf"
            for_paper(text, target, {"wght": 700.0 if bold else 400.0}, f"House Text{suffix}", bold)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
