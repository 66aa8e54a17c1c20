"""What the provider says of a payment, carried out once: tickets and books, money back, or another try."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from chassis.context import Trail, trail
from chassis.decision import Accepted, Refused
from chassis.log import get_logger
from chassis.work import Work, Workplace
from chassis.writers import Writers
from contracts.actors import SYSTEM
from contracts.orders.events import OrderPaidV1, PaymentFailedV1
from services.orders.domain.payment import UNDECIDED, Reason, Report, Settlement, settle_all
from services.orders.domain.season import day_in
from services.orders.handlers.catalogue import Catalogue
from services.orders.handlers.issue_tickets import PaidOrder, Printer
from services.orders.store import books, holds, orders, payments, refunds
from services.orders.store.books import Entry
from services.orders.store.payments import LockedPayment, PaymentRow
from services.orders.store.season import Sellable


@dataclass(frozen=True, slots=True)
class Reported:
    """A report that waits for its batch: state in the provider's words, the amount, whose request it is."""

    payment: PaymentRow
    state: str
    cents: int
    step: Trail

    @property
    def report(self) -> Report:
        """The report as decisions see it."""
        payment = self.payment
        asked, free = self.cents == payment.cents, payment.provider == "free"
        return Report(payment.payment, payment.order, self.state, asked_for=asked, free=free)


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
        self._writers: Writers[UUID, Reported, bool] = Writers(self._commit)
        self._log = get_logger()

    async def __call__(self, payment: PaymentRow, reported: str, cents: int) -> None:
        """Carry out a report: state in the provider's words, and the amount it speaks of. Safe to repeat."""
        if reported in UNDECIDED:
            return
        paid = await self._writers.submit(payment.event, Reported(payment, reported, cents, trail()))
        if paid and (await self._event(payment.event)).summary.partners:
            await self._on_paid(payment.order)

    async def refused(self, payment: PaymentRow) -> None:
        """The provider will not take this payment at all: it failed before it began."""
        await self(payment, "failed", payment.cents)

    async def close(self) -> None:
        """Let everything be carried out that was reported."""
        await self._writers.close()

    async def _event(self, event: UUID) -> Sellable:
        found = await self._catalogue.get(event)
        assert found is not None, "a payment belongs to an event"
        return found

    async def _commit(self, event: UUID, batch: Sequence[Reported]) -> list[bool]:
        """All reports of a batch in one transaction: for each whether it made its order a paid one."""
        sold = await self._event(event)
        async with self._work("payment", SYSTEM) as tx:
            await orders.all_stay(tx, {one.payment.subject for one in batch if one.payment.subject})
            locked = await payments.lock(tx, event, {one.payment.payment for one in batch})
            decided = _decided(batch, locked)
            for one, outcome in zip(batch, decided, strict=True):
                await self._move(tx, locked[one.payment.payment], one, outcome)
            first = [isinstance(one, Accepted) and one.value.verdict == "issue" for one in decided]
            paid = [
                (locked[one.payment.payment], one.step)
                for one, is_first in zip(batch, first, strict=True)
                if is_first
            ]
            if paid:
                await self._issue(tx, sold, paid)
        return first

    async def _move(
        self,
        tx: Work,
        locked: LockedPayment,
        reported: Reported,
        decided: Accepted[Settlement] | Refused,
    ) -> None:
        """What follows from a report beside tickets: a new state, money that goes back, news of a failure."""
        if isinstance(decided, Refused):
            self._log.warning("payment_report_refused", slug=decided.slug)
            return
        settlement, payment = decided.value, locked.payment
        if settlement.verdict != "issue" and settlement.state != payment.state:
            await payments.set_state(tx, payment, settlement.state)
        if settlement.verdict == "give_back":
            await self._give_back(tx, reported.payment, reported.cents, settlement.reason)
        elif settlement.verdict == "try_again" and payment.subject is not None:
            failed = PaymentFailedV1(subject=payment.subject, order=payment.order, event=payment.event)
            await tx.announce(failed, reported.step)

    async def _issue(self, tx: Work, sold: Sellable, paid: Sequence[tuple[LockedPayment, Trail]]) -> None:
        event = sold.summary.id
        await payments.pay(tx, event, [locked.payment for locked, _ in paid], tx.now)
        seats = {line.seat for locked, _ in paid for line in locked.lines if line.seat}
        labels = await holds.labels(tx, event, seats)
        await self._printer.issue(tx, event, [_paid(locked, labels, sold, step) for locked, step in paid])
        day = day_in(sold.time_zone, tx.now)
        for locked, step in paid:
            buyer, order = locked.payment.subject, locked.payment.order
            if buyer is not None:
                await tx.announce(OrderPaidV1(subject=buyer, order=order, day=day), step)

    async def _give_back(self, tx: Work, payment: PaymentRow, cents: int, reason: Reason) -> None:
        """Money that bought nothing: in the books as received and as owed, and due at the provider."""
        if cents != payment.cents:
            self._log.error("payment_amount_differs")
        refund = uuid4()
        await refunds.add(tx, payment, refund, uuid4(), cents, reason, tx.now)
        entries = [
            Entry(uuid4(), payment.order, "payment", payment.payment, cents),
            Entry(uuid4(), payment.order, "refund", refund, -cents),
        ]
        await books.book(tx, payment.event, entries, tx.now)


def _decided(
    batch: Sequence[Reported], locked: Mapping[UUID, LockedPayment]
) -> list[Accepted[Settlement] | Refused]:
    """What each report means, by the states that are locked now."""
    return settle_all(
        (one.report for one in batch),
        {payment: one.payment.state for payment, one in locked.items()},
        {one.payment.order: (one.order_state, one.hold_state) for one in locked.values()},
    )


def _paid(locked: LockedPayment, labels: Mapping[UUID, str], sold: Sellable, step: Trail) -> PaidOrder:
    payment = locked.payment
    return PaidOrder(
        payment.event,
        payment.order,
        locked.number,
        payment.subject,
        payment.payment,
        locked.lines,
        labels,
        sold.titles,
        step,
    )
