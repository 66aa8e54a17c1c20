"""What the provider says of a payment, carried out once: tickets and books, money back, or another try."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.log import get_logger
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import OrderPaidV1, PaymentFailedV1
from services.orders.domain.payment import Settlement, settle
from services.orders.domain.season import day_in
from services.orders.handlers.issue_tickets import PaidOrder, Printer
from services.orders.store import books, holds, orders, payments, season
from services.orders.store.books import Entry
from services.orders.store.payments import LockedPayment, PaymentRow


class SettlePayment:
    """Moves payments on. `on_paid` runs after the commit of a paid order; what it misses, a timer finds."""

    def __init__(self, work: Workplace, printer: Printer, on_paid: Callable[[UUID], Awaitable[None]]) -> None:
        self._work = work
        self._printer = printer
        self._on_paid = on_paid
        self._log = get_logger()

    async def __call__(self, payment: PaymentRow, reported: str, cents: int) -> None:
        """Carry out a report: state in the provider's words, and the amount it speaks of. Safe to repeat."""
        if cents != payment.cents:
            self._log.error("payment_amount_differs")
            return
        async with self._work("payment", SYSTEM) as tx:
            paid = await self._carry_out(tx, payment, reported)
        if paid:
            await self._on_paid(payment.order)

    async def refused(self, payment: PaymentRow) -> None:
        """The provider will not take this payment at all: it failed before it began."""
        await self(payment, "failed", payment.cents)

    async def _carry_out(self, tx: Work, payment: PaymentRow, reported: str) -> bool:
        locked = await payments.lock(tx, payment.event, payment.payment)
        decided = settle(locked.payment.state, locked.order_state, locked.hold_state, reported)
        if isinstance(decided, Refused):
            self._log.warning("payment_report_refused", slug=decided.slug)
            return False
        settlement: Settlement = decided.value
        if settlement.state != locked.payment.state:
            await payments.set_state(tx, payment, settlement.state)
        if settlement.verdict == "issue":
            await self._issue(tx, locked)
        elif settlement.verdict == "give_back":
            await self._give_back(tx, payment)
        elif settlement.verdict == "try_again":
            await self._tell_failed(tx, payment)
        return settlement.verdict == "issue"

    async def _issue(self, tx: Work, locked: LockedPayment) -> None:
        event, order = locked.payment.event, locked.payment.order
        hold = await holds.find(tx, locked.hold)
        assert hold is not None, "an order has its places"
        await holds.sell(tx, event, locked.hold)
        await orders.pay(tx, event, order, tx.now)
        subject = await orders.owner_who_stays(tx, order)
        labels = await holds.labels(tx, event, [line.seat for line in hold.lines if line.seat])
        titles = await season.titles(tx, event)
        payment = locked.payment.payment
        paid = PaidOrder(event, order, locked.number, subject, payment, hold.lines, labels, titles)
        await self._printer.issue(tx, paid)
        if subject is not None:
            day = day_in(await season.time_zone(tx, event), tx.now)
            await tx.announce(OrderPaidV1(subject=subject, order=order, day=day))

    async def _give_back(self, tx: Work, payment: PaymentRow) -> None:
        """Money that bought nothing: in the books as received and as owed, and due at the provider."""
        refund = uuid4()
        await payments.add_refund(tx, payment, refund, uuid4(), tx.now)
        entries = [
            Entry(uuid4(), payment.order, "payment", payment.payment, payment.cents),
            Entry(uuid4(), payment.order, "refund", refund, -payment.cents),
        ]
        await books.book(tx, payment.event, entries, tx.now)

    async def _tell_failed(self, tx: Work, payment: PaymentRow) -> None:
        subject = await orders.owner_who_stays(tx, payment.order)
        if subject is not None:
            await tx.announce(PaymentFailedV1(subject=subject, order=payment.order, event=payment.event))
