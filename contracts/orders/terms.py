"""Bodies and answers about when money is given back (F-17).

Routes (purpose season_planning, planner):
    GET  /planning/refund-policies -> RefundPolicies
    PUT  /planning/refund-policies/{organisation} <- RefundPolicyPlan -> RefundPolicies
"""

from uuid import UUID

from contracts.envelope import Model
from contracts.orders.planning import Blurb
from contracts.texts import Text


class RefundPolicyPlan(Model):
    """When an organisation gives money back, in its own words; none: on the terms of the house (F-17)."""

    said: Blurb | None = None


class RefundPolicy(RefundPolicyPlan):
    """An organisation and its words."""

    organisation: UUID
    name: str


class RefundPolicies(Model):
    """The terms of the house, and the words of all organisations, by name."""

    house: Text
    policies: tuple[RefundPolicy, ...]
