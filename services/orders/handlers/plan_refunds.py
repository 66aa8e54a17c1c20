"""When money is given back, in an organisation's own words (F-17)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.terms import RefundPolicies, RefundPolicyPlan
from contracts.texts import Text
from services.orders.store import refund_policies


class PlanRefunds:
    """/planning/refund-policies."""

    def __init__(self, work: Workplace, refunds: Text) -> None:
        """`refunds` are the terms of the house."""
        self._work = work
        self._refunds = refunds

    async def all(self, call: Call) -> RefundPolicies:
        """The terms of the house, and those of each organisation that has its own."""
        async with self._work("season_planning", call.actor) as tx:
            return RefundPolicies(house=self._refunds, policies=await refund_policies.policies(tx))

    async def put(self, call: Call) -> RefundPolicies | Refused:
        """Other words for an organisation, or with none the terms of the house; not-found."""
        plan: RefundPolicyPlan = call.body
        organisation = UUID(call.path["organisation"])
        async with self._work("season_planning", call.actor) as tx:
            if plan.said is None:
                await refund_policies.drop(tx, organisation)
            elif not await refund_policies.put(tx, organisation, plan.said):
                return Refused("not-found")
            return RefundPolicies(house=self._refunds, policies=await refund_policies.policies(tx))
