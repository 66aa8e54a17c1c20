"""The counter finds a customer's order by what they have at hand (F-32, G-22)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.tickets import FindOrders, FoundOrder, FoundOrders
from services.orders.domain.sending_again import read_sought
from services.orders.handlers.catalogue import Catalogue
from services.orders.store import finding
from services.orders.store.finding import FoundRow

PURPOSE = "problem_care"


class FindOrdersOf:
    """POST /counter/orders/search: what is sought rides in the body, never in a URL."""

    def __init__(self, work: Workplace, catalogue: Catalogue) -> None:
        self._work = work
        self._catalogue = catalogue

    async def __call__(self, call: Call) -> FoundOrders | Refused:
        """At most fifty orders, newest first, without names; nothing-to-find for what is no such thing."""
        asked: FindOrders = call.body
        sought = read_sought(asked.sought)
        if sought is None:
            return Refused("nothing-to-find")
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            rows = await finding.found(tx, sought)
            tx.saw({row.owner for row in rows if row.owner})
        return FoundOrders(orders=tuple([await self._told(row) for row in rows]))

    async def _told(self, row: FoundRow) -> FoundOrder:
        event = await self._catalogue.get(row.event)
        assert event is not None, "an order belongs to an event"
        return FoundOrder.model_validate(
            {
                "id": row.order,
                "number": row.number,
                "event": event.summary,
                "state": row.state,
                "tickets": row.tickets,
                "named": row.owner is not None,
                "at_counter": row.at_counter,
                "placed_at": row.placed_at,
            }
        )
