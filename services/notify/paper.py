"""Tickets on paper: one PDF page each, made by typst from templates/ticket.typ."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
import typst

from chassis.speech import Catalogue, Formats, load_catalogues
from contracts.orders.events import IssuedTicket

HERE = Path(__file__).parent
QR_MASK = 4
"""A fixed mask makes a code in a fifth of the time; every reader accepts every mask."""


@dataclass(frozen=True)
class TicketPaper:
    """What stands on the tickets of one order.

    `house` holds the tables of deploy/house.toml. The holder's name is optional; instants are aware.
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


def _qr_svg(code: str) -> str:
    out = io.BytesIO()
    segno.make(code, error="m", mask=QR_MASK, micro=False).save(out, kind="svg", border=3, light="#fff")
    return out.getvalue().decode()


@cache
def _catalogues() -> Mapping[str, Catalogue]:
    return load_catalogues(HERE / "catalogues")


def render_tickets(paper: TicketPaper) -> bytes:
    """The PDF, an A5 page per ticket; the same paper gives the same pages.

    It takes some 40 ms of computing: call it in a thread. Raises typst.TypstError for a broken template only.
    """
    return typst.compile(
        HERE / "templates" / "ticket.typ",
        font_paths=[HERE / "templates" / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(_sheet(paper))},
    )


def _sheet(paper: TicketPaper) -> dict[str, object]:
    house, catalogue = paper.house["house"], _catalogues()[paper.language]
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
        "day": day[:1].upper() + day[1:],
        "starts": formats.clock(paper.starts_at),
        "doors": formats.clock(paper.doors_at),
        "hall": paper.hall,
        "number": paper.number,
        "holder": paper.holder,
        "words": {word: catalogue.plain(f"paper.{word}") for word in words},
        "tickets": [
            _ticket(ticket, place, count, catalogue, formats)
            for place, ticket in enumerate(paper.tickets, start=1)
        ],
    }


def _ticket(
    ticket: IssuedTicket, place: int, count: int, catalogue: Catalogue, formats: Formats
) -> dict[str, object]:
    rate = formats.percent(ticket.vat_basis_points)
    return {
        "position": catalogue.plain("paper.position", place=place, count=count) if count > 1 else "",
        "last": place == count,
        "seat": ticket.seat or catalogue.plain("paper.standing"),
        "price": ticket.price.in_language(catalogue.language),
        "amount": formats.money(ticket.cents),
        "vat": catalogue.plain("paper.vat", rate=rate) if ticket.cents else "",
        "code": _qr_svg(ticket.code),
    }
