"""The prices of an event, and the seats that it keeps for some."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.planning import KeptPlan, PlannedEvent, PricePlans
from services.orders.domain.hall_plan import named
from services.orders.domain.planning import decide_prices
from services.orders.store import planning


class PlanSale:
    """/planning/events/{event}/prices and /kept. What is held keeps the price that was shown."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def set_prices(self, call: Call) -> PlannedEvent | Refused:
        """All prices at once; not-found, wrong-conditions, price-in-use."""
        plans: PricePlans = call.body
        event = UUID(call.path["event"])
        async with self._work("season_planning", call.actor) as tx:
            before = await planning.lock(tx, event)
            if before is None:
                return Refused("not-found")
            known = {price.id for price in before.prices}
            wrong = decide_prices(plans.prices, known, await planning.held_prices(tx, event))
            if wrong:
                return wrong
            await planning.set_prices(tx, event, [(price.id or uuid4(), price) for price in plans.prices])
            return await planning.find(tx, event) or Refused("not-found")

    async def keep(self, call: Call) -> PlannedEvent | Refused:
        """Seats that are kept for some, or freed; not-found, unknown-seats, nothing-named."""
        plan: KeptPlan = call.body
        event = UUID(call.path["event"])
        async with self._work("season_planning", call.actor) as tx:
            if await planning.lock(tx, event) is None:
                return Refused("not-found")
            meant = named(plan.labels, plan.seats, await planning.places(tx, event))
            if isinstance(meant, Refused):
                return meant
            await planning.keep(tx, event, meant.value, plan)
            return await planning.find(tx, event) or Refused("not-found")
