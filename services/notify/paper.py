"""Tickets and invoices on paper, made by typst from templates/ticket.typ and invoice.typ."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typst
import zxingcpp

from chassis.speech import Catalogue, Formats, load_catalogues
from contracts.orders.events import IssuedTicket
from contracts.orders.invoices import Invoice
from services.notify.invoice_sheet import invoice_sheet

TEMPLATES = Path(__file__).parent / "templates"
DARK = re.compile(rb"\x00+")
QUIET_MODULES = 3
QR_MASK = 4
"""A fixed mask makes a code in a seventh of the time; every reader accepts every mask."""
KNOWN_TEXTS = 4096
Points = Callable[[str, str], int]
"""How large a text may be in a room of the template, in points."""


@dataclass(frozen=True)
class TicketPaper:
    """What stands on the tickets of one order.

    `house` holds the tables of deploy/house.toml. Instants are aware. A ticket has a name on it where
    `holders` has one for it, else that of `holder`, else none.
    """

    house: Mapping[str, Any]
    language: str
    number: str
    title: str
    hall: str
    doors_at: datetime
    starts_at: datetime
    tickets: tuple[IssuedTicket, ...]
    holder: str | None = None
    holders: Mapping[UUID, str] = field(default_factory=dict)


class Press:
    """Draws tickets and invoices. It has one compiler, so one thread may use it at a time.

    The sheet reaches the template as an argument, not as an input of the document: what does not change from
    ticket to ticket stays typeset.
    """

    def __init__(self) -> None:
        folder = TEMPLATES / "fonts"
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=self._fonts, ignore_system_fonts=True)
        self._catalogues = load_catalogues(TEMPLATES.parent / "catalogues")
        # Titles and seats, never names: they come again with each ticket of an evening or a hall.
        self._points = lru_cache(maxsize=KNOWN_TEXTS)(self._measured)

    def tickets(self, paper: TicketPaper) -> bytes:
        """The PDF, an A5 page per ticket; the same paper gives the same pages.

        It computes for some milliseconds. Raises typst.TypstError for a broken template only.
        """
        return self._drawn(
            "ticket.typ", "tickets", _sheet(paper, self._catalogues[paper.language], self._points)
        )

    def invoice(self, files: Mapping[str, Any], language: str, made: Invoice) -> bytes:
        """The PDF of an invoice, on A4; `files` holds the tables of deploy/house.toml."""
        return self._drawn("invoice.typ", "invoice", invoice_sheet(files, self._catalogues[language], made))

    def _drawn(self, template: str, name: str, sheet: Mapping[str, object]) -> bytes:
        call = f'#import "{template}": {name}\n#{name}(json(bytes({_literal(sheet)})))'
        made = self._compiler.compile(input=call.encode(), format="pdf")
        assert isinstance(made, bytes), "one document is one file"
        return made

    def _measured(self, room: str, text: str) -> int:
        call = f'#import "ticket.typ": fit\n#fit(..json(bytes({_literal([room, text])})))'
        asked = typst.Compiler(
            call.encode(), root=TEMPLATES, font_paths=self._fonts, ignore_system_fonts=True
        )
        found = asked.query("<points>", field="value", one=True)
        return int(json.loads(found))


def _literal(value: object) -> str:
    """A value as JSON in a string of typst's, in which only quotes and backslashes mean anything."""
    text = json.dumps(value, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _qr_svg(code: str) -> str:
    """The code as one line per run of dark modules, which is less to draw than a square for each."""
    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=QR_MASK)
    image: Any = made.to_image(scale=1, add_quiet_zones=False)
    size, dots = image.shape[0], bytes(memoryview(image))
    runs = (
        f"M{run.start() - row * size} {row}.5h{run.end() - run.start()}"
        for row in range(size)
        for run in DARK.finditer(dots, row * size, (row + 1) * size)
    )
    edge = f"-{QUIET_MODULES} -{QUIET_MODULES} {size + 2 * QUIET_MODULES} {size + 2 * QUIET_MODULES}"
    lines = f'<path stroke="#000" d="{"".join(runs)}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{edge}">{lines}</svg>'


def _sheet(paper: TicketPaper, catalogue: Catalogue, points: Points) -> dict[str, object]:
    house = paper.house["house"]
    formats = Formats(paper.language, ZoneInfo(house["time_zone"]), house["currency"])
    day, count = formats.full_day(paper.starts_at), len(paper.tickets)
    words = ("doors", "hall", "address", "holder", "order", "once")
    return {
        "language": paper.language,
        "document": catalogue.plain("paper.document", number=paper.number),
        "accent": paper.house["look"]["accent"],
        "house": house["name"],
        "address": f"{house['street']}, {house['postal_code']} {house['town']}",
        "title": paper.title,
        "title_points": points("title", paper.title),
        "day": day[:1].upper() + day[1:],
        "starts": formats.clock(paper.starts_at),
        "doors": formats.clock(paper.doors_at),
        "hall": paper.hall,
        "number": paper.number,
        "words": {word: catalogue.plain(f"paper.{word}") for word in words},
        "tickets": [
            _ticket(ticket, (place, count), catalogue, formats, points)
            | {"holder": paper.holders.get(ticket.ticket, paper.holder)}
            for place, ticket in enumerate(paper.tickets, start=1)
        ],
    }


def _ticket(
    ticket: IssuedTicket, position: tuple[int, int], catalogue: Catalogue, formats: Formats, points: Points
) -> dict[str, object]:
    place, count = position
    rate, seat = formats.percent(ticket.vat_basis_points), ticket.seat or catalogue.plain("paper.standing")
    return {
        "position": catalogue.plain("paper.position", place=place, count=count) if count > 1 else "",
        "last": place == count,
        "seat": seat,
        "seat_points": points("seat", seat),
        "price": ticket.price.in_language(catalogue.language),
        "amount": formats.money(ticket.cents),
        "vat": catalogue.plain("paper.vat", rate=rate) if ticket.cents else "",
        "code": _qr_svg(ticket.code),
    }
