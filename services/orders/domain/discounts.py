"""What a code takes off, and whether it still counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Literal
from uuid import UUID

from chassis.decision import Refused
from contracts.orders.planning import VoucherPlan


@dataclass(frozen=True, slots=True)
class Discount:
    """A code as a batch finds it: `value` is a percentage or cents, `left` how often it may still be used."""

    id: UUID
    kind: Literal["percent", "amount"]
    value: int
    valid_from: datetime
    valid_until: datetime | None = None
    left: int | None = None


def sound(plan: VoucherPlan) -> Refused | None:
    """Whether a code can be meant: no more than all of it, and it ends after it begins; wrong-discount."""
    too_much = plan.kind == "percent" and plan.value > 100
    backwards = plan.valid_until is not None and plan.valid_until <= plan.valid_from
    return Refused("wrong-discount") if too_much or backwards else None


def usable(discount: Discount | None, used: int, now: datetime) -> Discount | Refused:
    """The discount of a code, of which `used` uses were granted since it was read.

    Refusals: unknown-code (also for another event's), code-not-valid, code-used-up.
    """
    if discount is None:
        return Refused("unknown-code")
    if now < discount.valid_from or (discount.valid_until is not None and now >= discount.valid_until):
        return Refused("code-not-valid")
    if discount.left is not None and used >= discount.left:
        return Refused("code-used-up")
    return discount


def reduced(cents: Sequence[int], discount: Discount) -> list[int]:
    """What each line costs then: never less than nothing, and the whole in proportion, so that VAT is too."""
    total = sum(cents)
    off = discount.value * total // 100 if discount.kind == "percent" else min(discount.value, total)
    return [line - part for line, part in zip(cents, _shares(cents, total, off), strict=True)]


def _shares(cents: Sequence[int], total: int, off: int) -> Iterator[int]:
    """`off` over the lines, to the cent: each sum so far is its share of the whole, rounded down."""
    before = 0
    for so_far in accumulate(cents):
        share = off * so_far // total if total else 0
        yield share - before
        before = share
