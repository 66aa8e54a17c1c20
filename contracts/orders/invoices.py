"""Bodies and answers of orders about invoices (F-61).

Routes (purpose, roles):
    POST /orders/{order}/invoice  invoicing,   visitor (own) <- InvoiceParty -> Invoice
    GET  /orders/{order}/invoice  invoicing,   visitor (own) -> Invoice

notify prints what it is given, and keeps nothing:
    POST /papers/invoice          invoicing,   visitor <- Invoice -> PDF
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from contracts.envelope import Model
from contracts.personal import PRINTED, AddressLine, Category, CountryCode, Personal, PostalCode
from contracts.texts import Text

OrganisationName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=160, pattern=PRINTED),
    Personal(Category.NAME),
]
VatNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=4, max_length=24, pattern=PRINTED),
    Personal(Category.FINANCIAL),
]


class InvoiceParty(Model):
    """The organisation that an invoice is made out to; its name may be a person's who trades alone."""

    name: OrganisationName
    street: AddressLine
    postal_code: PostalCode
    town: AddressLine
    country: CountryCode
    vat_number: VatNumber | None = None


class InvoiceLine(Model):
    """Tickets of one price together; `vat_cents` is the sum of the VAT inside each of them."""

    title: Text
    quantity: int
    cents: int
    vat_basis_points: int
    vat_cents: int


class VatSum(Model):
    """What an invoice comes to at one rate of VAT."""

    vat_basis_points: int
    net_cents: int
    vat_cents: int
    cents: int


class Invoice(Model):
    """An invoice as it was issued; `paid` is false while a bank has taken the payment back.

    Its number has no gaps within the house's year, and is there once; `seller` is who puts the evening on.
    """

    number: str
    issued_on: date
    order: UUID
    order_number: str
    seller: str
    event_title: Text
    starts_at: datetime
    party: InvoiceParty
    lines: tuple[InvoiceLine, ...]
    rates: tuple[VatSum, ...]
    total_cents: int
    vat_cents: int
    currency: str
    paid: bool
