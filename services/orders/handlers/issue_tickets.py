"""Tickets for an order that is paid: tickets, books and news, in the transaction that is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from chassis.work import Work
from contracts.orders.events import IssuedTicket, TicketsIssuedV1
from contracts.texts import Text
from services.orders.domain.places import Line
from services.orders.domain.ticket_code import Signer, write_code
from services.orders.store import tickets
from services.orders.store.books import Entry
from services.orders.store.tickets import NewTicket


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order that gets its tickets; `subject` is None where no name belongs to it (any more)."""

    event: UUID
    order: UUID
    number: str
    subject: UUID | None
    payment: UUID
    lines: tuple[Line, ...]
    labels: Mapping[UUID, str]
    titles: Mapping[UUID, Text]

    @property
    def total_cents(self) -> int:
        """What was paid."""
        return sum(line.cents for line in self.lines)


class Printer:
    """Issues tickets: signs their codes, and says amounts in the house's currency."""

    def __init__(self, signer: Signer, currency: str) -> None:
        self._signer = signer
        self.currency = currency

    def code(self, event: UUID, ticket: UUID) -> str:
        """The code of a ticket, the same each time."""
        return write_code(event, ticket, self._signer)

    async def issue(self, tx: Work, paid: PaidOrder) -> None:
        """A ticket and a sale per line, the payment in the books, and orders.tickets.issued."""
        issued = [
            NewTicket(uuid4(), paid.order, place, line.seat, line.price, line.cents, line.vat_basis_points)
            for place, line in enumerate(paid.lines, start=1)
        ]
        await tickets.issue(tx, paid.event, issued, _entries(paid, issued), tx.now)
        await tx.announce(
            TicketsIssuedV1(
                subject=paid.subject,
                order=paid.order,
                number=paid.number,
                event=paid.event,
                tickets=tuple(self._printed(paid, one) for one in issued),
                total_cents=paid.total_cents,
                currency=self.currency,
            )
        )

    def _printed(self, paid: PaidOrder, one: NewTicket) -> IssuedTicket:
        return IssuedTicket(
            ticket=one.ticket,
            code=self.code(paid.event, one.ticket),
            seat=paid.labels[one.seat] if one.seat else None,
            price=paid.titles[one.price],
            cents=one.cents,
            vat_basis_points=one.vat_basis_points,
        )


def _entries(paid: PaidOrder, issued: list[NewTicket]) -> list[Entry]:
    sales = [
        Entry(uuid4(), paid.order, "sale", one.ticket, line.cents, line.vat_cents, line.vat_basis_points)
        for one, line in zip(issued, paid.lines, strict=True)
    ]
    return [*sales, Entry(uuid4(), paid.order, "payment", paid.payment, paid.total_cents)]
