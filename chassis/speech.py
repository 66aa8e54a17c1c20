"""How the house speaks: texts from catalogues, and dates, money and lengths of time by locale.

A catalogue is one TOML file per language. A text may name values in braces; a table with `one` and `other` is
a text with a plural, chosen by the value `n`. A missing key is an error and never shows on a page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_percent
from markupsafe import Markup

from chassis.language import LANGUAGES

LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
UNITS = {
    "nl": "jaar jaar maand maanden week weken dag dagen uur uur minuut minuten seconde seconden",
    "fr": "an ans mois mois semaine semaines jour jours heure heures minute minutes seconde secondes",
    "en": "year years month months week weeks day days hour hours minute minutes second seconds",
}
"""One and several years, months, weeks, days, hours, minutes, seconds: Babel has no Dutch word for a day."""
Entry = str | Mapping[str, str]


class MissingText(KeyError):
    """A text that no catalogue has."""


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = value
    return found


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language by dotted key."""

    language: str
    entries: Mapping[str, Entry]

    def text(self, key: str, **values: object) -> Markup:
        """The text as HTML, its values escaped; MissingText or KeyError where one is absent."""
        return Markup(self._entry(key, values)).format(**values)  # noqa: S704 - format() escapes the values.

    def plain(self, key: str, **values: object) -> str:
        """The text for where no HTML is: a subject line, a text part, paper."""
        return self._entry(key, values).format(**values)

    def _entry(self, key: str, values: Mapping[str, object]) -> str:
        entry = self.entries.get(key)
        if entry is None:
            raise MissingText(f"{key} ({self.language})")
        if isinstance(entry, str):
            return entry
        count = values["n"]
        assert isinstance(count, int)
        form = Locale.parse(LOCALES[self.language]).plural_form(count)
        return entry["one" if form == "one" else "other"]


def load_catalogues(folder: Path) -> dict[str, Catalogue]:
    """Read `nl.toml`, `fr.toml` and `en.toml` of a folder; FileNotFoundError where one is absent."""
    texts = {one: tomllib.loads((folder / f"{one}.toml").read_text(encoding="utf-8")) for one in LANGUAGES}
    return {language: Catalogue(language, _flat(tree)) for language, tree in texts.items()}


@lru_cache(maxsize=4096)
def _money(cents: int, currency: str, locale: str) -> str:
    return format_currency(cents / 100, currency, locale=locale)


@dataclass(frozen=True)
class Formats:
    """Dates, times and money as a reader of `language` writes them, on the clock of the house."""

    language: str
    zone: ZoneInfo
    currency: str

    @property
    def locale(self) -> str:
        """The Babel locale of the language."""
        return LOCALES[self.language]

    def _date(self, moment: date | datetime, pattern: str) -> str:
        local = moment.astimezone(self.zone) if isinstance(moment, datetime) else moment
        written = format_date(local, pattern, locale=self.locale)
        # French counts the first of the month, and only that one; Babel does not.
        return (
            re.sub(r"\b1\b", "1er", written, count=1) if self.language == "fr" and local.day == 1 else written
        )

    def day(self, moment: date | datetime) -> str:
        """`za 14 nov 2026`."""
        return self._date(moment, "EEE d MMM y")

    def long_day(self, moment: date | datetime) -> str:
        """`zaterdag 14 november`."""
        return self._date(moment, "EEEE d MMMM")

    def full_day(self, moment: date | datetime) -> str:
        """`zaterdag 14 november 2026`."""
        return self._date(moment, "EEEE d MMMM y")

    def short_day(self, moment: date | datetime) -> str:
        """`za 14 november`."""
        return self._date(moment, "EEE d MMMM")

    def weekday(self, moment: date | datetime) -> str:
        """`za`."""
        return self._date(moment, "EEE")

    def day_number(self, moment: date | datetime) -> str:
        """`14`."""
        return self._date(moment, "d")

    def month(self, moment: date | datetime) -> str:
        """`nov`."""
        return self._date(moment, "MMM").rstrip(".")

    def whole_month(self, moment: date | datetime) -> str:
        """`november 2026`."""
        return self._date(moment, "LLLL y")

    def clock(self, moment: datetime) -> str:
        """`20:00`, or `20 h 00` in French."""
        pattern = "H'\u202fh\u202f'mm" if self.language == "fr" else "HH:mm"
        return format_datetime(moment, pattern, tzinfo=self.zone, locale=self.locale)

    def seconds(self, moment: datetime) -> str:
        """`20:00:31`: to the second, for the door."""
        return format_datetime(moment, "HH:mm:ss", tzinfo=self.zone, locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """`za 14 nov 2026, 20:00`."""
        return f"{self.day(moment)}, {self.clock(moment)}"

    def money(self, cents: int) -> str:
        """An amount in the currency of the house."""
        return _money(cents, self.currency, self.locale)

    def percent(self, basis_points: int) -> str:
        """A rate given in hundredths of a percent: 600 is `6%`."""
        return format_percent(basis_points / 10_000, "#,##0.##%", locale=self.locale)

    def duration(self, seconds: int) -> str:
        """`10 minuten`; under a minute and a half in seconds."""
        return self._count(seconds, 6) if seconds < 90 else self._count(round(seconds / 60), 5)

    def length(self, iso: str) -> str:
        """An ISO 8601 duration of one unit (`P7Y`, `P30D`, `PT2H`) in words; ValueError for any other."""
        parts = re.fullmatch(r"P(?:(\d+)([YMWD])|T(\d+)([HMS]))", iso)
        if not parts:
            raise ValueError("a term has one number and one unit")
        place = "YMWD".index(parts[2]) if parts[1] else 4 + "HMS".index(parts[4])
        return self._count(int(parts[1] or parts[3]), place)

    def _count(self, number: int, place: int) -> str:
        several = Locale.parse(self.locale).plural_form(number) != "one"
        return f"{number}\u00a0{UNITS[self.language].split()[2 * place + several]}"
