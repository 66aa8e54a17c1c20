"""What stands on an invoice, in the words and figures of its reader; templates/invoice.typ draws it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from chassis.speech import Catalogue, Formats
from contracts.orders.invoices import Invoice, InvoiceLine, InvoiceParty, VatSum

WORDS = ("title", "number", "date", "order", "seller", "buyer", "what", "quantity", "rate", "amount")
SUMS = ("net", "vat", "gross", "total")


def invoice_sheet(files: Mapping[str, Any], catalogue: Catalogue, made: Invoice) -> dict[str, object]:
    """The sheet; `files` holds the tables of deploy/house.toml, whose house sells."""
    house = files["house"]
    formats = Formats(catalogue.language, ZoneInfo(house["time_zone"]), made.currency)
    return {
        "language": catalogue.language,
        "document": catalogue.plain("invoice.document", number=made.number),
        "accent": files["look"]["accent"],
        "house": house["name"],
        "number": made.number,
        "date": formats.full_day(made.issued_on),
        "order": made.order_number,
        "seller": _seller(house, made.seller, catalogue),
        "buyer": _buyer(house, made.party, catalogue, formats),
        "event": made.event_title.in_language(catalogue.language),
        "day": formats.full_day(made.starts_at),
        "lines": [_line(one, catalogue, formats) for one in made.lines],
        "rates": [_rate(one, formats) for one in made.rates],
        "total": formats.money(made.total_cents),
        "paid": catalogue.plain("invoice.paid" if made.paid else "invoice.taken_back"),
        "foot": f"{house['legal_name']} · {house['registration']} · {house['email']} · {house['phone']}",
        "words": {word: catalogue.plain(f"invoice.{word}") for word in (*WORDS, *SUMS)},
    }


def _seller(house: Mapping[str, Any], organiser: str, catalogue: Catalogue) -> list[str]:
    known = {house["name"], house["legal_name"], ""}
    return [
        house["legal_name"],
        house["street"],
        f"{house['postal_code']} {house['town']}",
        house["registration"],
        *([] if organiser in known else [catalogue.plain("invoice.organiser", name=organiser)]),
    ]


def _buyer(
    house: Mapping[str, Any], party: InvoiceParty, catalogue: Catalogue, formats: Formats
) -> list[str]:
    lines = [party.name, party.street, f"{party.postal_code} {party.town}"]
    if party.country != house["country"]:
        lines.append(Locale.parse(formats.locale).territories.get(party.country, party.country))
    if party.vat_number:
        lines.append(catalogue.plain("invoice.vat_number", number=party.vat_number))
    return lines


def _line(line: InvoiceLine, catalogue: Catalogue, formats: Formats) -> list[str]:
    return [
        line.title.in_language(catalogue.language),
        f"{line.quantity} × {formats.money(line.cents // line.quantity)}",
        formats.percent(line.vat_basis_points),
        formats.money(line.cents),
    ]


def _rate(rate: VatSum, formats: Formats) -> list[str]:
    return [
        formats.percent(rate.vat_basis_points),
        *map(formats.money, (rate.net_cents, rate.vat_cents, rate.cents)),
    ]
