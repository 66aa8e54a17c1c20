"""Tickets on paper: read by a scanner, in the house's own face, without a name unless it was given."""

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import zxingcpp
from pypdf import PdfReader

from contracts.orders.events import IssuedTicket
from contracts.texts import Text
from services.notify.paper import TEMPLATES, Press, TicketPaper
from tests.notify.test_letters import FILES

DPI = 150
FONTS = TEMPLATES / "fonts"
render_tickets = Press().tickets


def ticket(number: int, seat: str | None) -> IssuedTicket:
    return IssuedTicket(
        ticket=UUID(int=number),
        code=f"AVK1.{'c2lnbmVk' * 12}.{number}",
        seat=seat,
        price=Text(nl="Jonger dan 26", fr="Moins de 26 ans", en="Under 26"),
        cents=1400,
        vat_basis_points=600,
    )


def paper(**changes: Any) -> TicketPaper:
    known: dict[str, Any] = {
        "house": FILES,
        "language": "nl",
        "number": "V26-7K2M",
        "title": "Zout",
        "hall": "Grote Zaal",
        "doors_at": datetime(2026, 12, 3, 18, 15, tzinfo=UTC),
        "starts_at": datetime(2026, 12, 3, 19, 0, tzinfo=UTC),
        "tickets": (ticket(1, "C4"), ticket(2, None)),
        "holder": None,
    }
    return TicketPaper(**(known | changes))


def as_drawn(pdf: bytes, page: int, tmp_path: Path) -> memoryview:
    """A page as a printer that knows only black and white puts it on paper: rows of bytes."""
    (tmp_path / "tickets.pdf").write_bytes(pdf)
    command = [
        "pdftoppm",
        "-gray",
        "-r",
        str(DPI),
        "-f",
        str(page),
        "-l",
        str(page),
        str(tmp_path / "tickets.pdf"),
    ]
    drawn = subprocess.run(command, check=True, capture_output=True).stdout
    _, width, height, _, dots = drawn.split(maxsplit=4)
    ink = bytes(255 if dot > 127 else 0 for dot in dots)
    return memoryview(ink[-int(width) * int(height) :]).cast("B", (int(height), int(width)))


def test_each_ticket_has_a_page_whose_code_a_scanner_reads(tmp_path: Path) -> None:
    tickets = (ticket(1, "C4"), ticket(2, None))
    pdf = render_tickets(paper(tickets=tickets))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    for page, one in enumerate(tickets, start=1):
        found = zxingcpp.read_barcodes(as_drawn(pdf, page, tmp_path))
        assert [code.text for code in found] == [one.code]


def test_the_code_is_at_least_three_centimetres_wide(tmp_path: Path) -> None:
    image = as_drawn(render_tickets(paper()), 1, tmp_path)
    position = zxingcpp.read_barcodes(image)[0].position
    assert (position.top_right.x - position.top_left.x) / DPI * 25.4 >= 30


def test_the_facts_are_on_the_ticket() -> None:
    pages = PdfReader(io.BytesIO(render_tickets(paper()))).pages
    text = " ".join(pages[0].extract_text().split()).replace("\u00a0", " ")
    for fact in (
        "Zout",
        "C4",
        "3 december 2026",
        "20:00",
        "19:15",
        "Grote Zaal",
        "Zeedijk 12",
        "V26-7K2M",
        "6%",
    ):
        assert fact in text
    assert "€ 14,00" in text
    assert "Staanplaats" in pages[1].extract_text()


@pytest.mark.requirement("G-15")
def test_a_name_stands_on_a_ticket_only_if_it_was_given() -> None:
    nameless = PdfReader(io.BytesIO(render_tickets(paper()))).pages[0].extract_text()
    named = PdfReader(io.BytesIO(render_tickets(paper(holder="Łucja Claes")))).pages[0].extract_text()
    assert "Naam" not in nameless
    assert "Łucja Claes" in " ".join(named.split())


def test_a_long_title_and_seat_stay_on_their_one_page() -> None:
    long = paper(
        title="De onwaarschijnlijke avonturen van een vuurtorenwachterszoon",
        tickets=(ticket(1, "Balkon links, rij AA, stoel 112"),),
    )
    assert len(PdfReader(io.BytesIO(render_tickets(long))).pages) == 1


def test_no_value_can_bring_commands_to_the_typesetter() -> None:
    text = PdfReader(io.BytesIO(render_tickets(paper(title='#panic("x") *a* $b$')))).pages[0].extract_text()
    assert "#panic" in text


def test_the_ticket_is_set_in_the_faces_of_the_house() -> None:
    assert any(FONTS.glob("*.ttf")), "deploy/local/fonts.sh fetches the typefaces"
    fonts = PdfReader(io.BytesIO(render_tickets(paper()))).pages[0]["/Resources"]["/Font"]
    names = " ".join(str(fonts[key].get_object()["/BaseFont"]) for key in fonts)
    assert "HouseDisplay" in names
    assert "HouseText" in names
