"""Where a purchase limit stands, places are claimed for their buyer before they are ordered (W-46).

The claim has a purpose, a login and a transaction of its own, so that selling never reads whose places count.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Accepted, Refused
from chassis.work import Work, Workplace
from contracts.actors import Actor
from contracts.orders.events import DecisionAutomatedV1
from services.orders.domain.limits import BuyerKeys, Rule, decide_limits, locks_of
from services.orders.store import limits

PURPOSE = "purchase_limit"


class ClaimPlaces:
    """Counts what a buyer has, decides, and keeps what it decided."""

    def __init__(self, work: Workplace, keys: BuyerKeys) -> None:
        self._work = work
        self._keys = keys

    async def __call__(self, buyer: Actor, hold: UUID, email: str) -> UUID | Refused:
        """The claim that an order of this hold rests on; unknown-hold, person-forgotten, purchase-limit,
        purchase-limit-of-production."""
        async with self._work(PURPOSE, buyer) as tx:
            if not await tx.remembers(buyer.id):
                return Refused("person-forgotten")
            found = await limits.terms(tx, hold)
            if found is None:
                return Refused("unknown-hold")
            return await self._decide(tx, found, limits.Buyer(hold, buyer.id, self._keys.of(email)))

    async def _decide(self, tx: Work, found: limits.Terms, buyer: limits.Buyer) -> UUID | Refused:
        await limits.lock(tx, locks_of(buyer.hold, found.scopes, buyer.key, buyer.subject))
        claim = uuid4()
        if not await limits.is_held(tx, found, buyer.hold):
            # Ordered meanwhile, or over: placing says which, and finds the order of a repeated request.
            return claim
        rules = await limits.rules(tx, found, buyer, tx.now)
        decided = decide_limits(rules, found.asked)
        if isinstance(decided, Accepted):
            await limits.claim(tx, found, buyer, claim)
            return claim
        await self._tell(tx, found, buyer, next(rule for rule in rules if found.asked > rule.left))
        return decided

    async def _tell(self, tx: Work, found: limits.Terms, buyer: limits.Buyer, rule: Rule) -> None:
        """Put the decision into the register of automated decisions (F-68), once for the same numbers."""
        decision = uuid4()
        if await limits.keep_decision(tx, decision, found, buyer, rule, tx.now):
            await tx.announce(
                DecisionAutomatedV1(
                    subject=buyer.subject,
                    decision=decision,
                    event=found.event,
                    title=found.title,
                    rule=rule.name,
                    most=rule.allowed,
                    counted=rule.counted,
                    asked=found.asked,
                    decided_at=tx.now,
                )
            )
