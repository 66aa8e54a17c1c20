"""What left a payment again, as the provider lists it: refunds until they arrived, and chargebacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from chassis.log import get_logger
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import OrderChargedBackV1, OrderReinstatedV1
from services.orders.domain.money_back import TakenBack, decide_chargebacks, pause_after, refund_follows
from services.orders.domain.payment import PaymentSeen
from services.orders.store import books, chargebacks, orders, payments, refunds
from services.orders.store.books import Entry
from services.orders.store.payments import LockedPayment, PaymentRow
from services.orders.store.refunds import RefundState

LOOK_EVERY = timedelta(hours=6)


class FollowMoney:
    """Carries out what a look at a payment says of refunds and chargebacks. Safe to repeat."""

    def __init__(self, work: Workplace, currency: str) -> None:
        self._work = work
        self._currency = currency
        self._log = get_logger()

    async def __call__(self, payment: PaymentRow, seen: PaymentSeen) -> None:
        """Move refund, payment, order and tickets on, and tell whoever must know."""
        if not seen.refunds and not seen.chargebacks:
            return
        async with self._work("payment", SYSTEM) as tx:
            if payment.subject is not None:
                await orders.stays(tx, payment.subject)
            locked = (await payments.lock(tx, payment.event, {payment.payment}))[payment.payment]
            refund = await refunds.of_payment(tx, payment.event, payment.payment)
            given_back = refund is not None and await self._move_refund(tx, payment, refund, seen)
            if seen.chargebacks:
                await self._take_back(tx, locked, seen, bought=refund is None, given_back=given_back)

    async def _move_refund(
        self, tx: Work, payment: PaymentRow, refund: RefundState, seen: PaymentSeen
    ) -> bool:
        """Whether the money is back with the buyer now."""
        reported = {one.provider_id: one.state for one in seen.refunds}
        follows = refund_follows(refund.state, reported.get(refund.provider_id or "", ""))
        if follows == "settled":
            await refunds.settled(tx, payment.event, refund.refund)
        elif follows == "again":
            self._log.warning("refund_came_to_nothing")
            later = tx.now + pause_after(refund.tries + 1)
            await refunds.again(tx, payment.event, refund.refund, uuid4(), later)
        return "settled" in (refund.state, follows)

    async def _take_back(
        self, tx: Work, locked: LockedPayment, seen: PaymentSeen, *, bought: bool, given_back: bool
    ) -> None:
        payment = locked.payment
        known = await chargebacks.known(tx, payment)
        was = {one: back for one, (_, back) in known.items()}
        states = payment.state, locked.order_state
        taken = decide_chargebacks(*states, bought, was, seen.chargebacks, given_back)
        if not taken.new and not taken.reversed:
            return
        ids = {one: id for one, (id, _) in known.items()}
        ids |= {one.provider_id: uuid4() for one in taken.new}
        for one in taken.new:
            await chargebacks.add(tx, payment, ids[one.provider_id], one, tx.now)
        for one in taken.reversed:
            await chargebacks.reverse(tx, payment.event, ids[one.provider_id], tx.now)
        await chargebacks.move(tx, payment, taken.payment, taken.order, tx.now + LOOK_EVERY)
        await books.book(tx, payment.event, _entries(payment.order, taken, ids), tx.now)
        await self._tell(tx, locked, taken)

    async def _tell(self, tx: Work, locked: LockedPayment, taken: TakenBack) -> None:
        subject = locked.payment.subject
        if taken.order != locked.order_state:
            self._log.warning("chargebacks_moved_an_order")
        if taken.order == locked.order_state or subject is None:
            return
        told = OrderChargedBackV1 if taken.order == "charged_back" else OrderReinstatedV1
        await tx.announce(
            told(
                subject=subject,
                order=locked.payment.order,
                number=locked.number,
                event=locked.payment.event,
                cents=sum(one.cents for one in taken.new or taken.reversed),
                currency=self._currency,
            )
        )


def _entries(order: UUID, taken: TakenBack, ids: Mapping[str, UUID]) -> list[Entry]:
    out = [Entry(uuid4(), order, "chargeback", ids[one.provider_id], -one.cents) for one in taken.new]
    back = [Entry(uuid4(), order, "reversal", ids[one.provider_id], one.cents) for one in taken.reversed]
    return [*out, *back]
