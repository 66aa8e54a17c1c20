"""What a visitor is busy with: the newest draft and its hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.orders.api import Hold
from services.gateway.domain.draft import Draft
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts, guest_orders


@dataclass(frozen=True)
class Basket:
    """The draft, its hold, and the order that it became, if it did."""

    draft: Draft
    hold: Hold
    order: UUID | None

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds for which the places are still held."""
        left = int((self.hold.expires_at - now).total_seconds())
        return max(0, left) if self.hold.state == "held" else 0


async def see_basket(desk: Desk, session: Session, language: str) -> Basket | Declined | None:
    """The basket, or None where nothing was chosen."""
    sql, now = desk.work.once("order_guidance", session.buyer), desk.clock.now()
    draft = await drafts.newest(sql, session.id_hash, now)
    if draft is None:
        return None
    question = Question("orders", "GET", f"/holds/{draft.hold}", Acting(session), language=language)
    hold = await desk.neighbours.ask(question, Hold)
    if isinstance(hold, Declined):
        return hold
    order = await guest_orders.of_hold(sql, session.id_hash, draft.hold, now)
    return Basket(draft, hold, order)


async def places_held(desk: Desk, session: Session) -> int:
    """How many places the header's basket shows."""
    sql, now = desk.work.once("order_guidance", session.buyer), desk.clock.now()
    draft = await drafts.newest(sql, session.id_hash, now)
    return 0 if draft is None else draft.places_held(now)


async def order_of_hold(desk: Desk, session: Session, hold: UUID) -> UUID | None:
    """The order that a hold of this session became, or None."""
    sql = desk.work.once("order_guidance", session.buyer)
    return await guest_orders.of_hold(sql, session.id_hash, hold, desk.clock.now())
