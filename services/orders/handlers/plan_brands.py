"""How an organisation's own ticket page looks, and the page itself (W-02, F-49)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.planning import Brand, BrandPage, BrandPlan, Brands
from services.orders.store import brands


class PlanBrands:
    """/planning/brands and /brands/{slug}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def all(self, call: Call) -> Brands:
        """The looks of all organisations that have one."""
        async with self._work("season_planning", call.actor) as tx:
            return Brands(brands=await brands.brands(tx))

    async def put(self, call: Call) -> Brand | Refused:
        """The look of an organisation; slug-taken, not-found for an unknown organisation."""
        plan: BrandPlan = call.body
        organisation = UUID(call.path["organisation"])
        async with self._work("season_planning", call.actor) as tx:
            if await brands.slug_taken(tx, plan.slug, organisation):
                return Refused("slug-taken")
            if not await brands.put(tx, organisation, plan):
                return Refused("not-found")
            return await brands.of(tx, organisation) or Refused("not-found")

    async def page(self, call: Call) -> BrandPage | Refused:
        """An organisation's own ticket page; not-found."""
        async with self._work("order_guidance", call.actor) as tx:
            tx.saw_nobody()
            brand = await brands.by_slug(tx, call.path["slug"])
            if brand is None:
                return Refused("not-found")
            return BrandPage(brand=brand, events=await brands.events_of(tx, brand.organisation, tx.now))
