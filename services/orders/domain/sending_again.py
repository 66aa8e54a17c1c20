"""Whether tickets may be sent again (F-32, G-63), and what a clerk may have typed to find an order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from services.orders.domain.order_number import read_number

FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
WITH_TICKETS = frozenset({"paid", "part_refunded"})
REFERENCE = re.compile(r"tr_[A-Za-z0-9]{1,61}")


@dataclass(frozen=True, slots=True)
class Mailed:
    """How often tickets were sent again before and when last, and when their evening ends."""

    times: int
    last_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed to find an order: exactly one of them is there."""

    number: str | None = None
    payment: str | None = None
    email: str | None = None


def pause_after(times: int) -> timedelta:
    """How long to wait after tickets were sent again so often: 5 minutes, 10, 20 … six hours at most."""
    return min(FIRST_PAUSE * (1 << min(max(times - 1, 0), 20)), LONGEST_PAUSE)


def decide_sending(state: str, to: UUID | None, before: Mailed, now: datetime) -> Accepted[int] | Refused:
    """Which time it is; tickets-not-made, nobody-to-write-to, evening-over, sent-just-now (with `minutes`).

    Nobody to write to: a sale without a name, somebody who was erased, somebody who restricted processing.
    """
    if state not in WITH_TICKETS:
        return Refused("tickets-not-made")
    if now >= before.ends_at:
        return Refused("evening-over")
    if to is None:
        return Refused("nobody-to-write-to")
    if before.times == 0:
        return Accepted(1)
    wait = before.last_at + pause_after(before.times) - now
    if wait > timedelta(0):
        return Refused("sent-just-now", {"minutes": -(-int(wait.total_seconds()) // 60)})
    return Accepted(before.times + 1)


def read_sought(typed: str) -> Sought | None:
    """An order number, a payment's reference or an address, as somebody typed it; None where it is none."""
    bare = typed.strip()
    if "@" in bare:
        return Sought(email=bare.lower())
    if REFERENCE.fullmatch(bare):
        return Sought(payment=bare)
    number = read_number(bare)
    return Sought(number=number) if number else None
