"""What happens to payments: made, paid, failed, canceled, expired, given back, taken back by the bank."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deploy.local.mollie.book import Book, Chargeback, Payment, Refund, new_id
from deploy.local.mollie.faults import FaultBoard
from deploy.local.mollie.money import Money, read_money
from deploy.local.mollie.problems import Problem
from deploy.local.mollie.requests import Wish
from deploy.local.mollie.settings import Settings

FINAL = {"paid": "paidAt", "failed": "failedAt", "canceled": "canceledAt", "expired": "expiredAt"}
DUPLICATE_WITHIN = 10.0


def moment(at: float) -> str:
    """A time as Mollie writes it, to the second."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def amount_of(payment: Payment) -> Money:
    """The amount of a stored payment."""
    amount = read_money(payment.facts["amount"])
    assert isinstance(amount, Money), "only valid amounts are stored"
    return amount


class Teller:
    """Carries out what clients ask and what time brings; ``announce`` plans a webhook for a payment."""

    def __init__(
        self,
        book: Book,
        faults: FaultBoard,
        settings: Settings,
        now: Callable[[], float],
        announce: Callable[[Payment], None],
    ) -> None:
        self._book, self._faults, self._settings = book, faults, settings
        self._now, self._announce = now, announce

    def create(self, wish: Wish, mode: str) -> Payment:
        """A new open payment. ``metadata.simulator_expires_seconds`` shortens its life for tests."""
        now = self._now()
        metadata = wish.facts.get("metadata")
        life = metadata.get("simulator_expires_seconds") if isinstance(metadata, dict) else None
        expires = now + float(life if isinstance(life, int | float) else self._settings.expires_after)
        facts = {**wish.facts, "amount": wish.amount.document(), "createdAt": moment(now)}
        payment = Payment(new_id("tr_"), mode, "open", expires, facts)
        self._book.save_payment(payment)
        return payment

    def find(self, id: str, mode: str) -> Payment | Problem:
        """A payment of this mode; test keys do not see live payments, nor the other way round."""
        self.let_time_pass()
        payment = self._book.payment(id)
        if payment is None or payment.mode != mode:
            return Problem(404, f"No payment exists with token {id[:40]}.")
        return payment

    def change(self, payment: Payment, changes: dict[str, Any]) -> Payment | Problem:
        """Changes an open payment's description, links, metadata, locale or method."""
        if payment.status != "open":
            return Problem(422, "The payment can no longer be updated")
        payment.facts.update(changes)
        self._book.save_payment(payment)
        return payment

    def cancel(self, payment: Payment) -> Payment | Problem:
        """Cancels for the merchant, where the payment still can be."""
        if not is_cancelable(payment):
            return Problem(422, "The payment cannot be canceled")
        self.settle(payment, "canceled", None)
        return payment

    def settle(self, payment: Payment, status: str, method: str | None) -> bool:
        """Gives an open payment its final status and plans the webhook; False where it had one already."""
        if payment.status != "open":
            return False
        with self._book.together():
            payment.status = status
            payment.facts[FINAL[status]] = moment(self._now())
            if method is not None:
                payment.facts["method"] = method
            self._book.save_payment(payment)
            self._announce(payment)
        return True

    def let_time_pass(self) -> None:
        """Expires what is overdue and settles refunds whose time has come."""
        for payment in self._book.overdue_payments(self._now()):
            self.settle(payment, "expired", None)
        for refund in self._book.due_refunds(self._now()):
            with self._book.together():
                refund.status = "failed" if refund.facts.get("fails") else "refunded"
                self._book.save_refund(refund)
                payment_of = self._book.payment(refund.payment)
                assert payment_of is not None, "a refund belongs to a payment"
                self._announce(payment_of)

    def refunded(self, payment: Payment) -> int:
        """What was given back already or is on its way, in the smallest unit."""
        gone = ("canceled", "failed")
        return sum(r.units for r in self._book.refunds(payment.id) if r.status not in gone)

    def charged_back(self, payment: Payment) -> int:
        """What the customer's bank took back and did not bring again, in the smallest unit."""
        return sum(c.units for c in self._book.chargebacks(payment.id) if c.reversed is None)

    def charge_back(self, payment: Payment, units: int | None) -> Chargeback | Problem:
        """The customer's bank takes money back, all that is there unless less is said."""
        there = amount_of(payment).units - self.charged_back(payment)
        if payment.status != "paid" or not 0 < (units or there) <= there:
            return Problem(422, "There is nothing to charge back")
        chargeback = Chargeback(new_id("chb_"), payment.id, units or there, self._now())
        with self._book.together():
            self._book.save_chargeback(chargeback)
            self._announce(payment)
        return chargeback

    def reverse(self, payment: Payment, id: str) -> Chargeback | Problem:
        """The money of a chargeback comes again."""
        found = self.find_chargeback(payment, id)
        if isinstance(found, Problem) or found.reversed is not None:
            return found
        back = replace(found, reversed=self._now())
        with self._book.together():
            self._book.save_chargeback(back)
            self._announce(payment)
        return back

    def find_chargeback(self, payment: Payment, id: str) -> Chargeback | Problem:
        """One chargeback of a payment."""
        found = [one for one in self._book.chargebacks(payment.id) if one.id == id]
        return found[0] if found else Problem(404, f"No chargeback exists with token {id[:40]}.")

    def refund(self, payment: Payment, wish: Wish) -> Refund | Problem:
        """Gives money back, never more than was paid."""
        if payment.status != "paid":
            return Problem(422, "The payment is not paid and cannot be refunded")
        paid = amount_of(payment)
        if wish.amount.currency != paid.currency:
            return Problem(
                422, "The currency of the refund differs from that of the payment", "amount.currency"
            )
        if self._is_duplicate(payment, wish):
            return Problem(409, "A duplicate refund has been detected")
        if wish.amount.units > paid.units - self.refunded(payment):
            return Problem(422, "The amount is higher than the maximum", "amount")
        if self._faults.take("no_balance"):
            return Problem(422, "The refund exceeds the balance that is available")
        now = self._now()
        facts = {**wish.facts, "amount": wish.amount.document(), "createdAt": moment(now), "at": now}
        if self._faults.take("refund_fails"):
            facts["fails"] = True
        settles = now + self._settings.refund_after
        refund = Refund(new_id("re_"), payment.id, "pending", settles, wish.amount.units, facts)
        self._book.save_refund(refund)
        return refund

    def _is_duplicate(self, payment: Payment, wish: Wish) -> bool:
        return any(
            other.units == wish.amount.units
            and all(other.facts[name] == wish.facts[name] for name in ("description", "metadata"))
            and other.status not in ("canceled", "failed")
            and self._now() - other.facts["at"] < DUPLICATE_WITHIN
            for other in self._book.refunds(payment.id)
        )

    def find_refund(self, payment: Payment, id: str) -> Refund | Problem:
        """One refund of a payment."""
        found = [refund for refund in self._book.refunds(payment.id) if refund.id == id]
        return found[0] if found else Problem(404, f"No refund exists with token {id[:40]}.")

    def cancel_refund(self, refund: Refund) -> Problem | None:
        """Stops a refund that has not been paid out yet."""
        if refund.status != "pending":
            return Problem(422, "The refund can no longer be canceled")
        refund.status = "canceled"
        self._book.save_refund(refund)
        return None


def is_cancelable(payment: Payment) -> bool:
    """Open payments can be canceled until a customer is on the way at a bank; a transfer always can."""
    return payment.status == "open" and payment.facts.get("method") in (None, "banktransfer")
