"""Somebody does not agree with a purchase limit and asks for a person (Art. 22(3), W-46)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.orders.events import BuyerNamedV1, DecisionContestedV1
from contracts.orders.limits import LimitContest, LimitContested
from services.orders.domain.limits import BuyerKeys
from services.orders.handlers.claim_places import PURPOSE
from services.orders.store import limits


class ContestLimit:
    """POST /holds/{hold}/contest."""

    def __init__(self, work: Workplace, keys: BuyerKeys) -> None:
        self._work = work
        self._keys = keys

    async def __call__(self, call: Call) -> Answer | Refused:
        """What a person will look at (201), or already does (200); nothing-decided, person-forgotten."""
        body: LimitContest = call.body
        buyer = limits.Buyer(UUID(call.path["hold"]), call.actor.id, self._keys.of(body.email))
        async with self._work(PURPOSE, call.actor) as tx:
            if not await tx.remembers(buyer.subject):
                return Refused("person-forgotten")
            found = await limits.contest(tx, buyer, tx.now)
            if found is None:
                return Refused("nothing-decided")
            if found.new:
                await tx.announce(_named(buyer.subject, body))
                await tx.announce(
                    DecisionContestedV1(
                        subject=buyer.subject, decision=found.decision, view=body.view, contested_at=tx.now
                    )
                )
        told = LimitContested(
            decision=found.decision, most=found.most, counted=found.counted, asked=found.asked
        )
        return Answer(told, status=201 if found.new else 200)


def _named(subject: UUID, body: LimitContest) -> BuyerNamedV1:
    """Whoever asks must be written to, and can exercise every right; an order that follows is newer."""
    return BuyerNamedV1(
        subject=subject,
        version=1,
        name=body.name,
        email=body.email,
        phone=body.phone,
        locale=body.locale,
    )
