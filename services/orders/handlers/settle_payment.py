"""What the provider says of a payment, carried out once: tickets and books, money back, or another try."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.log import get_logger
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import OrderPaidV1, PaymentFailedV1
from services.orders.domain.payment import UNDECIDED, Settlement, settle
from services.orders.domain.season import day_in
from services.orders.handlers.catalogue import Catalogue
from services.orders.handlers.issue_tickets import PaidOrder, Printer
from services.orders.store import books, holds, orders, payments
from services.orders.store.books import Entry
from services.orders.store.payments import LockedPayment, PaymentRow
from services.orders.store.season import Sellable


class SettlePayment:
    """Moves payments on. `on_paid` runs after the commit of a paid order of a co-presented event; what it
    misses, a timer finds."""

    def __init__(
        self,
        work: Workplace,
        printer: Printer,
        catalogue: Catalogue,
        on_paid: Callable[[UUID], Awaitable[None]],
    ) -> None:
        self._on_paid = on_paid
        self._work = work
        self._printer = printer
        self._catalogue = catalogue
        self._log = get_logger()

    async def __call__(self, payment: PaymentRow, reported: str, cents: int) -> None:
        """Carry out a report: state in the provider's words, and the amount it speaks of. Safe to repeat."""
        if reported in UNDECIDED:
            return
        event = await self._catalogue.get(payment.event)
        assert event is not None, "a payment belongs to an event"
        async with self._work("payment", SYSTEM) as tx:
            if payment.subject is not None:
                await orders.stays(tx, payment.subject)
            paid = await self._carry_out(tx, payment, reported, cents, event)
        if paid and event.summary.partners:
            await self._on_paid(payment.order)

    async def refused(self, payment: PaymentRow) -> None:
        """The provider will not take this payment at all: it failed before it began."""
        await self(payment, "failed", payment.cents)

    async def _carry_out(
        self, tx: Work, payment: PaymentRow, reported: str, cents: int, event: Sellable
    ) -> bool:
        locked = await payments.lock(tx, payment.event, payment.payment)
        states = (locked.payment.state, locked.order_state, locked.hold_state)
        decided = settle(*states, reported, asked_for=cents == payment.cents)
        if isinstance(decided, Refused):
            self._log.warning("payment_report_refused", slug=decided.slug)
            return False
        settlement: Settlement = decided.value
        if settlement.verdict == "issue":
            await self._issue(tx, locked, event)
        elif settlement.state != locked.payment.state:
            await payments.set_state(tx, payment, settlement.state)
        if settlement.verdict == "give_back":
            await self._give_back(tx, payment, cents)
        elif settlement.verdict == "try_again":
            await _tell_failed(tx, locked)
        return settlement.verdict == "issue"

    async def _issue(self, tx: Work, locked: LockedPayment, event: Sellable) -> None:
        payment = locked.payment
        await payments.pay(tx, payment, tx.now)
        labels = await holds.labels(tx, payment.event, [line.seat for line in locked.lines if line.seat])
        paid = PaidOrder(
            payment.event,
            payment.order,
            locked.number,
            payment.subject,
            payment.payment,
            locked.lines,
            labels,
            event.titles,
        )
        await self._printer.issue(tx, paid)
        if payment.subject is not None:
            day = day_in(event.time_zone, tx.now)
            await tx.announce(OrderPaidV1(subject=payment.subject, order=payment.order, day=day))

    async def _give_back(self, tx: Work, payment: PaymentRow, cents: int) -> None:
        """Money that bought nothing: in the books as received and as owed, and due at the provider."""
        if cents != payment.cents:
            self._log.error("payment_amount_differs")
        refund = uuid4()
        await payments.add_refund(tx, payment, refund, uuid4(), cents, tx.now)
        entries = [
            Entry(uuid4(), payment.order, "payment", payment.payment, cents),
            Entry(uuid4(), payment.order, "refund", refund, -cents),
        ]
        await books.book(tx, payment.event, entries, tx.now)


async def _tell_failed(tx: Work, locked: LockedPayment) -> None:
    payment = locked.payment
    if payment.subject is not None:
        await tx.announce(PaymentFailedV1(subject=payment.subject, order=payment.order, event=payment.event))
