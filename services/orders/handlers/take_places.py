"""One batch of one event: who gets which places, kept or sold at the counter, in one transaction."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID, uuid4

from chassis.decision import Accepted, Refused
from chassis.idempotency import remember
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM, Actor
from contracts.orders.api import Hold
from contracts.texts import Text
from services.orders.domain.order_number import number_from
from services.orders.domain.places import Reservation, Wish, decide_all
from services.orders.handlers.issue_tickets import PaidOrder, Printer
from services.orders.handlers.known_halls import KnownHalls
from services.orders.handlers.show_hold import shown_lines
from services.orders.store import discounts, holds, orders, payments, season
from services.orders.store.season import Sellable


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """What makes a wish a sale at the counter: who sells, the key of the request, how it was paid."""

    clerk: Actor
    key: str
    body_hash: str
    method: Literal["cash", "card"]
    order: UUID


@dataclass(frozen=True, slots=True)
class PlaceWish:
    """Places wanted, to keep or, with `sale`, to sell at once.

    `repeatable`: the hold's id follows from the request's key, so that it may exist already.
    """

    wish: Wish
    sale: CounterFacts | None = None
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Sold:
    """A counter sale that was made."""

    order: UUID


@dataclass(frozen=True, slots=True)
class _Batch:
    """An event as this batch finds it."""

    event: UUID
    sellable: Sellable
    labels: Mapping[UUID, str]
    sales: Mapping[UUID, CounterFacts]


Taken = Hold | Sold | Refused


def kind_of(wanted: PlaceWish) -> Hashable:
    """Holds share a transaction; counter sales share one per clerk, who acts in it."""
    return wanted.sale.clerk if wanted.sale else None


class TakePlaces:
    """Commits batches for the writers."""

    def __init__(self, work: Workplace, printer: Printer, refunds: Text) -> None:
        """`refunds` are the terms of the house."""
        self._work = work
        self._printer = printer
        self._refunds = refunds
        self._halls = KnownHalls()

    async def commit(self, event: UUID, batch: Sequence[PlaceWish]) -> list[Taken]:
        """One transaction for all: the event's lock, what ran out, what is free, who gets it."""
        clerk = batch[0].sale.clerk if batch[0].sale else None
        async with self._work("counter_sale" if clerk else "ticket_sale", clerk or SYSTEM) as tx:
            free = await holds.lock_stock(tx, event, tx.now)
            if free is None:
                return [Refused("unknown-event") for _ in batch]
            return await self._take(tx, event, batch, free)

    async def _take(self, tx: Work, event: UUID, batch: Sequence[PlaceWish], free: int) -> list[Taken]:
        sellable = await season.sellable(tx, event, tx.now)
        assert sellable is not None, "the event's stock was just locked"
        wished = {seat for one in batch for seat in one.wish.seats}
        wishes = [one.wish for one in batch]
        codes = {wish.code for wish in wishes if wish.code}
        if any(wish.best for wish in wishes) or (sellable.terms.no_singles and wished):
            stock = await self._halls.stock(tx, event, free, tx.now)
        else:
            stock = await holds.stock_of(tx, event, free, wished, tx.now)
        stock = replace(stock, discounts=await discounts.lock(tx, event, codes, tx.now))
        before = await holds.known(tx, event, [one.wish.hold for one in batch if one.repeatable])
        outcomes = decide_all(sellable.terms, stock, wishes, tx.now, before)
        kept = [outcome.value for outcome in outcomes if isinstance(outcome, Accepted)]
        sales = {one.wish.hold: one.sale for one in batch if one.sale}
        given = {line.seat for one in kept for line in one.lines if line.seat}
        found = _Batch(event, sellable, await holds.labels(tx, event, given), sales)
        if kept:
            ordered = {hold: sale.order for hold, sale in sales.items()}
            await holds.keep(tx, event, kept, "sold" if sales else "held", ordered, tx.now)
        for reservation in kept if sales else ():
            await self._sell(tx, found, reservation)
        return [self._told(found, outcome) for outcome in outcomes]

    async def _sell(self, tx: Work, batch: _Batch, sold: Reservation) -> None:
        """Order, payment and tickets of a sale without a name (G-15, F-27)."""
        sale = batch.sales[sold.hold]
        await remember(tx, sale.key, sale.body_hash, sale.order)
        number, payment = number_from(uuid4()), uuid4()
        lines, labels, titles = sold.lines, batch.labels, batch.sellable.titles
        paid = PaidOrder(batch.event, sale.order, number, None, payment, lines, labels, titles)
        vat = sum(line.vat_cents for line in sold.lines)
        new = orders.NewOrder(batch.event, sale.order, number, sold.hold, paid.total_cents, vat, tx.now)
        await orders.sell_at_counter(tx, new)
        await payments.add(tx, _counter_payment(paid, new, sale.method), tx.now)
        await self._printer.issue(tx, batch.event, [paid])

    def _told(self, batch: _Batch, outcome: Accepted[Reservation] | Refused) -> Taken:
        if isinstance(outcome, Refused):
            return outcome
        kept, labels = outcome.value, batch.labels
        if kept.hold in batch.sales:
            return Sold(batch.sales[kept.hold].order)
        return Hold(
            id=kept.hold,
            event=batch.sellable.summary,
            lines=shown_lines(kept.lines, labels, batch.sellable.titles),
            total_cents=sum(line.cents for line in kept.lines),
            discount_cents=kept.discount_cents,
            currency=self._printer.currency,
            expires_at=kept.expires_at,
            state="held",
            may_extend=True,
            refund_policy=batch.sellable.refund_policy or self._refunds,
        )


def _counter_payment(paid: PaidOrder, new: orders.NewOrder, method: str) -> payments.PaymentRow:
    return payments.PaymentRow(
        event=paid.event,
        payment=paid.payment,
        order=paid.order,
        attempt=1,
        provider=method,
        provider_id=None,
        idempotency_key=uuid4(),
        request=None,
        return_url=None,
        state="paid",
        cents=paid.total_cents,
        hold=new.hold,
        placed_at=new.placed_at,
        subject=None,
    )
