"""Payments, refunds and lists in the shape of Mollie's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deploy.local.mollie.book import Chargeback, Payment, Refund
from deploy.local.mollie.money import Money
from deploy.local.mollie.problems import HAL, Problem
from deploy.local.mollie.teller import amount_of, is_cancelable, moment

PROFILE = "pfl_AvondkassaSim"
PAGE_SIZE, PAGE_LIMIT = 50, 250


def link(href: str, kind: str = HAL) -> dict[str, str]:
    """A link object."""
    return {"href": href, "type": kind}


def payment_document(payment: Payment, refunded: int, charged_back: int, base: str) -> dict[str, Any]:
    """A payment (https://docs.mollie.com/reference/get-payment); sums in the smallest unit."""
    facts, amount = payment.facts, amount_of(payment)
    method = facts.get("method")
    document: dict[str, Any] = {
        "resource": "payment",
        "id": payment.id,
        "mode": payment.mode,
        **{name: value for name, value in facts.items() if name != "method"},
        "method": method if isinstance(method, str) else None,
        "metadata": facts.get("metadata"),
        "status": payment.status,
        "details": None,
        "profileId": PROFILE,
        "sequenceType": "oneoff",
    }
    if payment.status == "open":
        document |= {"isCancelable": is_cancelable(payment), "expiresAt": moment(payment.expires)}
    if payment.status == "paid":
        document |= {
            "amountRefunded": Money(amount.currency, refunded).document(),
            "amountRemaining": Money(amount.currency, amount.units - refunded).document(),
            "settlementAmount": amount.document(),
        }
    if charged_back:
        document["amountChargedBack"] = Money(amount.currency, charged_back).document()
    gone = {"refunds": refunded, "chargebacks": charged_back}
    return document | {
        "_links": _payment_links(payment, [name for name, units in gone.items() if units], base)
    }


def checkout_address(payment: Payment, base: str) -> str:
    """Where the customer pays."""
    return f"{base}/checkout/select-method/{payment.id.removeprefix('tr_')}"


def _payment_links(payment: Payment, lists: Sequence[str], base: str) -> dict[str, Any]:
    itself = f"{base}/v2/payments/{payment.id}"
    links = {"self": link(itself)}
    if payment.status == "open":
        links["checkout"] = link(checkout_address(payment, base), "text/html")
    links |= {name: link(f"{itself}/{name}") for name in lists}
    links["documentation"] = link("https://docs.mollie.com/reference/get-payment", "text/html")
    return links


def refund_document(refund: Refund, base: str) -> dict[str, Any]:
    """A refund (https://docs.mollie.com/reference/get-refund)."""
    payment = f"{base}/v2/payments/{refund.payment}"
    return {
        "resource": "refund",
        "id": refund.id,
        **{name: value for name, value in refund.facts.items() if name not in ("at", "fails")},
        "status": refund.status,
        "paymentId": refund.payment,
        "_links": {
            "self": link(f"{payment}/refunds/{refund.id}"),
            "payment": link(payment),
            "documentation": link("https://docs.mollie.com/reference/get-refund", "text/html"),
        },
    }


def chargeback_document(chargeback: Chargeback, payment: Payment, base: str) -> dict[str, Any]:
    """A chargeback (https://docs.mollie.com/reference/get-chargeback)."""
    address, currency = f"{base}/v2/payments/{payment.id}", amount_of(payment).currency
    return {
        "resource": "chargeback",
        "id": chargeback.id,
        "amount": Money(currency, chargeback.units).document(),
        "settlementAmount": Money(currency, -chargeback.units).document(),
        "createdAt": moment(chargeback.at),
        "reason": {"code": "AC06", "description": "Simulated"},
        "paymentId": payment.id,
        "reversedAt": moment(chargeback.reversed) if chargeback.reversed is not None else None,
        "_links": {
            "self": link(f"{address}/chargebacks/{chargeback.id}"),
            "payment": link(address),
            "documentation": link("https://docs.mollie.com/reference/get-chargeback", "text/html"),
        },
    }


@dataclass(frozen=True)
class Page:
    """One page of a list: the ids on it, and the address of its neighbours (None at an end)."""

    ids: Sequence[str]
    links: dict[str, Any]


def cut_page(ids: Sequence[str], address: str, start: str | None, limit: str | None) -> Page | Problem:
    """A page of ``ids`` (newest first) from ``start`` on, at most 250 long, 50 where nothing is said."""
    if limit is not None and not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= PAGE_LIMIT):
        return Problem(400, f"The limit must be a number from 1 to {PAGE_LIMIT}", "limit")
    if start is not None and start not in ids:
        return Problem(400, "There is no such item to start from", "from")
    size = int(limit) if limit else PAGE_SIZE
    first = ids.index(start) if start is not None else 0
    after, before = first + size, max(first - size, 0)

    def neighbour(position: int) -> dict[str, str]:
        return link(f"{address}?from={ids[position]}&limit={size}")

    links = {
        "self": link(f"{address}?from={ids[first]}&limit={size}" if ids else f"{address}?limit={size}"),
        "previous": neighbour(before) if first > 0 else None,
        "next": neighbour(after) if after < len(ids) else None,
        "documentation": link("https://docs.mollie.com/reference/pagination", "text/html"),
    }
    return Page(ids[first:after], links)


def list_document(name: str, items: Sequence[object], links: dict[str, Any]) -> dict[str, Any]:
    """A list answer (https://docs.mollie.com/reference/pagination)."""
    return {"count": len(items), "_embedded": {name: list(items)}, "_links": links}
