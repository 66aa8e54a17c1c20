"""Invoices: who gets one, what stands on it, and when its clock in the books begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.orders.invoices import InvoiceLine, InvoiceParty, VatSum
from contracts.texts import Text
from services.orders.domain.money import vat_within

ReadVatNumber = Callable[[str, str], str | None]
"""What was typed and a country, to the number as registers write it; None where it is none."""


@dataclass(frozen=True, slots=True)
class Sold:
    """One ticket: its price, and the cents with VAT that it cost."""

    price: UUID
    title: Text
    cents: int
    vat_basis_points: int


def decide_party(typed: InvoiceParty, read: ReadVatNumber) -> Accepted[InvoiceParty] | Refused:
    """The party with its VAT number as registers write it; wrong-vat-number."""
    if typed.vat_number is None:
        return Accepted(typed)
    written = read(typed.vat_number, typed.country)
    if written is None:
        return Refused("wrong-vat-number")
    return Accepted(typed.model_copy(update={"vat_number": written}))


def decide_invoice(
    state: str, total_cents: int, party: InvoiceParty, known: InvoiceParty | None
) -> Accepted[bool] | Refused:
    """Whether an invoice is to be made: one per order, for money that is in.

    False where it was made for this party already; invoiced-otherwise, invoice-unpaid, nothing-to-invoice.
    """
    if known is not None:
        return Accepted(False) if known == party else Refused("invoiced-otherwise")
    if state != "paid":
        return Refused("invoice-unpaid")
    return Accepted(True) if total_cents else Refused("nothing-to-invoice")


def lines_of(tickets: Iterable[Sold]) -> tuple[InvoiceLine, ...]:
    """Tickets that cost the same, together; VAT is rounded for each ticket, as it was sold (W-07)."""
    alike: dict[tuple[UUID, int, int], list[Sold]] = {}
    for one in tickets:
        alike.setdefault((one.price, one.cents, one.vat_basis_points), []).append(one)
    return tuple(
        InvoiceLine(
            title=same[0].title,
            quantity=len(same),
            cents=len(same) * cents,
            vat_basis_points=rate,
            vat_cents=len(same) * vat_within(cents, rate),
        )
        for (_, cents, rate), same in alike.items()
    )


def rates_of(lines: Sequence[InvoiceLine]) -> tuple[VatSum, ...]:
    """Net, VAT and gross by rate, the lowest rate first."""
    found = []
    for rate in sorted({one.vat_basis_points for one in lines}):
        gross = sum(one.cents for one in lines if one.vat_basis_points == rate)
        within = sum(one.vat_cents for one in lines if one.vat_basis_points == rate)
        found.append(VatSum(vat_basis_points=rate, net_cents=gross - within, vat_cents=within, cents=gross))
    return tuple(found)


def written_number(year: int, number: int) -> str:
    """`2026-000123`."""
    return f"{year}-{number:06d}"


def kept_from(issued_on: date) -> date:
    """When the books begin to count: the first of January after (contracts/countries.toml, books_from)."""
    return date(issued_on.year + 1, 1, 1)
