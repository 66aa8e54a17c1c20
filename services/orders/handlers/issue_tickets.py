"""Tickets for an order that is paid: tickets, books and news, in the transaction that is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from chassis.context import Trail
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
    """An order that gets its tickets; `subject` is None where no name belongs to it (any more).

    `step` is the request that it belongs to, where several share a transaction.
    """

    event: UUID
    order: UUID
    number: str
    subject: UUID | None
    payment: UUID
    lines: tuple[Line, ...]
    labels: Mapping[UUID, str]
    titles: Mapping[UUID, Text]
    step: Trail | None = None

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

    async def issue(self, tx: Work, event: UUID, paid: Sequence[PaidOrder]) -> None:
        """For each order of an event a ticket and a sale per line, the payment in the books, and
        orders.tickets.issued."""
        issued = [(one, _tickets(one)) for one in paid]
        entries = [entry for one, new in issued for entry in _entries(one, new)]
        await tickets.issue(tx, event, [ticket for _, new in issued for ticket in new], entries, tx.now)
        for one, new in issued:
            await self._announce(tx, one, new)

    async def _announce(self, tx: Work, paid: PaidOrder, issued: Sequence[NewTicket]) -> None:
        await tx.announce(
            TicketsIssuedV1(
                subject=paid.subject,
                order=paid.order,
                number=paid.number,
                event=paid.event,
                tickets=tuple(self._printed(paid, one) for one in issued),
                total_cents=paid.total_cents,
                currency=self.currency,
            ),
            paid.step,
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


def _tickets(paid: PaidOrder) -> list[NewTicket]:
    return [
        NewTicket(uuid4(), paid.order, place, line.seat, line.price, line.cents, line.vat_basis_points)
        for place, line in enumerate(paid.lines, start=1)
    ]


def _entries(paid: PaidOrder, issued: list[NewTicket]) -> list[Entry]:
    sales = [
        Entry(uuid4(), paid.order, "sale", one.ticket, line.cents, line.vat_cents, line.vat_basis_points)
        for one, line in zip(issued, paid.lines, strict=True)
    ]
    return [*sales, Entry(uuid4(), paid.order, "payment", paid.payment, paid.total_cents)]
