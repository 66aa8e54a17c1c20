"""Codes that take something off are made, and ended."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.planning import VoucherPlan, Vouchers
from services.orders.domain.discounts import sound
from services.orders.store import discounts


class PlanVouchers:
    """/planning/vouchers."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def all(self, call: Call) -> Vouchers:
        """All codes with how often they were used."""
        async with self._work("season_planning", call.actor) as tx:
            return Vouchers(vouchers=await discounts.vouchers(tx, tx.now))

    async def add(self, call: Call) -> Vouchers | Refused:
        """A new code; wrong-discount, code-taken, unknown-event."""
        plan: VoucherPlan = call.body
        wrong = sound(plan)
        if wrong:
            return wrong
        async with self._work("season_planning", call.actor) as tx:
            if plan.event is not None and not await discounts.event_exists(tx, plan.event):
                return Refused("unknown-event")
            if not await discounts.add(tx, uuid4(), plan):
                return Refused("code-taken")
            return Vouchers(vouchers=await discounts.vouchers(tx, tx.now))

    async def end(self, call: Call) -> Vouchers | Refused:
        """It counts no longer; not-found."""
        async with self._work("season_planning", call.actor) as tx:
            if not await discounts.end(tx, UUID(call.path["voucher"]), tx.now):
                return Refused("not-found")
            return Vouchers(vouchers=await discounts.vouchers(tx, tx.now))
