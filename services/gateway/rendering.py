"""Pages from templates: the functions that templates may call, and the texts of the reader's language."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chassis.countries import known_countries
from chassis.speech import Catalogue, Formats, load_catalogues
from contracts.orders.api import EventDetail, EventSummary
from contracts.orders.planning import HallSeat
from contracts.texts import Text
from services.gateway.declarations import Declarations
from services.gateway.domain.hall_drawing import hall_drawing
from services.gateway.domain.linked_event import linked_event
from services.gateway.domain.poster import poster
from services.gateway.domain.seatmap import places_of, rows
from services.gateway.paths import path

HERE = Path(__file__).parent
QR_MASK = 4
"""A fixed mask makes a code in a fifth of the time; every reader accepts every mask."""


@dataclass(frozen=True)
class Reader:
    """Who reads: language, path being read (with its query), role logged in, places held in the basket."""

    language: str
    here: str = "/"
    role: str | None = None
    held: int = 0


@lru_cache(maxsize=2000)
def qr_svg(code: str) -> Markup:
    """The code of a ticket, which is shown again and again."""
    return qr_once(code)


def qr_once(code: str) -> Markup:
    """A code as inline SVG that grows with its box; nothing remembers a secret that stands in it."""
    out = io.BytesIO()
    segno.make(code, error="m", mask=QR_MASK, micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made by segno from modules, not from the text.


def with_language(here: str, code: str) -> str:
    """The same page in another language: `?lang=` in place of any earlier one."""
    parts = urlsplit(here)
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "lang"]
    return f"{parts.path}?{urlencode([*query, ('lang', code)])}"


def as_typed(hundredths: int) -> str:
    """An amount in cents, or a rate in hundredths of a percent, as people type it: `22,50`, `6`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}" if rest else str(whole)


def countdown(seconds: int) -> str:
    """`9:05`, as it is written before the script counts on."""
    return f"{max(seconds, 0) // 60}:{max(seconds, 0) % 60:02d}"


def offered_wallets(house: Mapping[str, Any]) -> frozenset[str]:
    """Which wallets this house offers; Google only where it is declared as a recipient (F-72)."""
    declared = {one["id"] for one in house.get("recipient", ())}
    apple = {"apple"} if house["wallet"]["apple"] else set()
    return frozenset(apple | ({"google"} if "google_wallet" in declared else set()))


class Pages:
    """Renders the templates of this folder for one house.

    `house` holds the tables of deploy/house.toml, `origin` is the address that people know. A name that a
    template asks for and the context lacks is an error.
    """

    def __init__(self, house: Mapping[str, Any], declarations: Declarations, origin: str = "") -> None:
        self._house = house
        self._origin = origin
        self._zone = ZoneInfo(house["house"]["time_zone"])
        self._declarations = declarations
        self._consent_age = known_countries()[house["house"]["country"]].consent_age
        self._catalogues = load_catalogues(HERE / "catalogues")
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            path=path,
            wallets=offered_wallets(house),
            rows=rows,
            places_of=places_of,
            qr=qr_svg,
            qr_once=qr_once,
            with_language=with_language,
            countdown=countdown,
        )

    def text(self, language: str, key: str, **values: object) -> str:
        """One text of the pages, for a handler that makes a message."""
        return str(self._catalogues[language].text(key, **values))

    def formats(self, language: str) -> Formats:
        """Dates and money in a language."""
        return Formats(language, self._zone, self._house["house"]["currency"])

    def render(self, template: str, reader: Reader, **context: object) -> str:
        """Render `template` (a file name without `.html`) with the context that its header lists."""
        speaker = _Speaker(
            self._catalogues[reader.language], self.formats(reader.language), self._declarations, self._origin
        )
        page = self._environment.get_template(f"{template}.html")
        return page.render(
            {
                **speaker.functions(),
                "house": self._house["house"],
                "privacy": self._house["privacy"],
                "consent_age": self._consent_age,
                "language": reader.language,
                "here": reader.here,
                "role": reader.role,
                "held": reader.held,
                **context,
            }
        )


@dataclass(frozen=True)
class _Speaker:
    catalogue: Catalogue
    formats: Formats
    declarations: Declarations
    origin: str

    def functions(self) -> dict[str, Any]:
        formats = self.formats
        return {
            "t": self.catalogue.text,
            "words": self.words,
            "why": self.why,
            "purpose": self.declarations.purposes.__getitem__,
            "poster": self.poster,
            "money": formats.money,
            "day": formats.day,
            "long_day": formats.long_day,
            "short_day": formats.short_day,
            "whole_month": formats.whole_month,
            "clock": formats.clock,
            "seconds": formats.seconds,
            "moment": formats.moment,
            "weekday": formats.weekday,
            "daynumber": formats.day_number,
            "month": formats.month,
            "duration": formats.duration,
            "length": formats.length,
            "local": self.local,
            "as_typed": as_typed,
            "hall_plan": self.hall_plan,
            "linked": self.linked,
        }

    def words(self, text: Text) -> str:
        return text.in_language(self.catalogue.language)

    def poster(self, event: EventSummary) -> Markup:
        local: datetime = event.starts_at.astimezone(self.formats.zone)
        drawing = poster(event.id, self.words(event.title), local.date(), self.formats.month(event.starts_at))
        return Markup(drawing)  # noqa: S704 - poster() escapes the title; the rest is numbers.

    def local(self, moment: datetime | None) -> str:
        """A time on the clock of the house, as a field of a form takes it."""
        return moment.astimezone(self.formats.zone).strftime("%Y-%m-%dT%H:%M") if moment else ""

    def hall_plan(self, seats: Sequence[HallSeat]) -> Markup:
        stage, told = self.catalogue.text("seats.stage"), self.catalogue.text("seats.map")
        return Markup(hall_drawing(seats, stage, told))  # noqa: S704 - hall_drawing() escapes every label.

    def linked(self, detail: EventDetail, house: Mapping[str, Any]) -> Markup:
        """The event as JSON-LD."""
        made = linked_event(detail, house, self.origin, self.catalogue.language)
        return Markup(made)  # noqa: S704 - linked_event() writes no sign that ends a script.

    def why(self, purpose: str, *categories: str, to: tuple[str, ...] | list[str] = ()) -> Markup:
        """The signature line: why, how long, who gets it; opened, which data and on which ground."""
        t = self.catalogue.text
        declared = self.declarations.purposes[purpose]
        term = self.declarations.longest_term(purpose, categories)
        return Markup(
            '<details class="why"><summary>{} {} {}</summary><p>{} {} <a href="{}">{}</a></p></details>'
        ).format(
            self.words(declared.why),
            t("why.term", length=self.formats.length(term)) if term else t("why.briefly"),
            t("why.to", names=", ".join(to)) if to else t("why.nobody"),
            t("why.what", what=", ".join(str(t(f"category.{one}")) for one in categories)),
            t("why.basis", basis=t(f"basis.{declared.basis}"), article=declared.article),
            path("privacy"),
            t("why.all"),
        )
