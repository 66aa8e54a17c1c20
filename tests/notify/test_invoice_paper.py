"""Invoices on paper, in three languages, from what is given."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from pypdf import PdfReader

from contracts.orders.invoices import Invoice, InvoiceLine, InvoiceParty, VatSum
from contracts.texts import Text
from services.notify.paper import Press
from tests.notify.test_letters import FILES

PRESS = Press()


def invoice(lines: int = 1, *, paid: bool = True) -> Invoice:
    cents = 2 * 2450 * lines
    kind = Text(nl="Volwassene", fr="Adulte", en="Adult")
    line = InvoiceLine(title=kind, quantity=2, cents=4900, vat_basis_points=600, vat_cents=278)
    rate = VatSum(vat_basis_points=600, net_cents=cents - 278 * lines, vat_cents=278 * lines, cents=cents)
    return Invoice(
        number="2026-000123",
        issued_on=date(2026, 12, 1),
        order=UUID(int=1),
        order_number="AB12-CD34",
        seller="Collectief Strand",
        event_title=Text(nl="Zout", fr="Sel", en="Salt"),
        starts_at=datetime(2026, 12, 3, 19, tzinfo=UTC),
        party=InvoiceParty(
            name='#panic("x") & zonen',
            street="Rue de la Mer 4",
            postal_code="75001",
            town="Paris",
            country="FR",
            vat_number="FR40303265045",
        ),
        lines=(line,) * lines,
        rates=(rate,),
        total_cents=cents,
        vat_cents=rate.vat_cents,
        currency="EUR",
        paid=paid,
    )


def text_of(language: str, made: Invoice) -> str:
    pages = PdfReader(io.BytesIO(PRESS.invoice(FILES, language, made))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u00a0", " ")


@pytest.mark.requirement("F-61")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Factuur", "Frankrijk", "Zout", "Volwassene", "€ 46,22", "Betaald", "1 december 2026")),
        ("fr", ("Facture", "France", "Sel", "Adulte", "46,22 €", "Payé", "1er décembre 2026")),
        ("en", ("Invoice", "France", "Salt", "Adult", "€46.22", "Paid", "1 December 2026")),
    ],
)
def test_an_invoice_says_all_that_it_must(language: str, words: tuple[str, ...]) -> None:
    text = text_of(language, invoice())
    facts = ("2026-000123", "AB12-CD34", "De Vloedlijn vzw", "BE 0000.000.097", "Collectief Strand")
    for word in (*facts, '#panic("x") & zonen', "75001 Paris", "FR40303265045", *words):
        assert word in text, word


def test_what_a_bank_took_back_is_still_to_be_paid_and_a_long_one_goes_on() -> None:
    text = text_of("nl", invoice(40, paid=False))
    assert "Nog te betalen" in text
    assert "Betaald" not in text
    assert text.count("Volwassene") == 40
