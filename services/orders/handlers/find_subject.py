"""The person behind an order number: for a case of the privacy desk, and for customer service (G-64)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.api import FoundSubject
from services.orders.domain.order_number import read_number
from services.orders.store import orders


class FindSubject:
    """GET /orders/by-number/{number}/subject and GET /counter/orders/{number}/owner."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> FoundSubject | Refused:
        """The subject id, nothing else; not-found where nobody stands behind the number (any more)."""
        return await self._behind("rights", call)

    async def owner(self, call: Call) -> FoundSubject | Refused:
        """GET /counter/orders/{number}/owner: the same for customer service, who reads no name here."""
        return await self._behind("problem_care", call)

    async def _behind(self, purpose: str, call: Call) -> FoundSubject | Refused:
        number = read_number(call.path["number"])
        if number is None:
            return Refused("not-found")
        async with self._work(purpose, call.actor, call.reason) as tx:
            subject = await orders.subject_of_number(tx, number)
            tx.saw([subject] if subject else [])
        return FoundSubject(subject=subject) if subject else Refused("not-found")
