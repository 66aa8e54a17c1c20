"""A season as large as after eight years: 120 evenings to come, and 50,000 orders of those before."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from deploy.local.season.programme import FIRST, LAST

HERE = Path(__file__).parent
ORDERS, EVENINGS = 50_000, 400
DATES = 4
SEATED, STANDING = "grote-zaal", "kleine-zaal"


def programme(small: int) -> Iterator[Mapping[str, Any]]:
    """Facts of evenings to come, so that there are 120 with the small season's; four dates of each title."""
    written = tomllib.loads((HERE / "titles.toml").read_text(encoding="utf-8"))
    for number in range(120 - small):
        which, date = divmod(number, DATES)
        title = written["titles"][which]
        slug = f"seizoen-{which + 1}"
        facts = {"title": title, "blurb": written["blurb"], "day": 10 + which * 8 + date * 2}
        yield _evening(facts, slug if date == 0 else f"{slug}-{date + 1}", slug, seated=which % 2 == 0)


def _evening(facts: dict[str, Any], slug: str, of: str, *, seated: bool) -> Mapping[str, Any]:
    place = "seat" if seated else "standing"
    prices = [
        {"place": place, "cents": cents, "nl": nl, "fr": fr, "en": en}
        for cents, nl, fr, en in (
            (1800, "Basis", "Plein tarif", "Standard"),
            (1200, "-26", "-26", "Under 26"),
        )
    ]
    times = {"doors": "19:15", "starts": "20:00", "ends": "22:00", "hold_seconds": 900}
    rooms = {"seats": seated, "standing": 0 if seated else 300, "hall": SEATED if seated else STANDING}
    return {**facts, **times, **rooms, "slug": slug, "of": of, "prices": prices}


async def load(connection: Any, service: str, now: datetime) -> None:
    """What one service holds of eight years, written by its database in one go."""
    plan = (HERE / "plan.sql").read_text(encoding="utf-8")
    await connection.execute(plan, now, ORDERS, EVENINGS, list(FIRST), list(LAST))
    await connection.execute("ANALYZE planned")
    await connection.execute((HERE / f"{service}.sql").read_text(encoding="utf-8"))
