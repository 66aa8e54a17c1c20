"""Ask a person to look at what a purchase limit decided (Art. 22(3)): with what was typed at checkout."""

from __future__ import annotations

from uuid import UUID

from pydantic import ValidationError

from contracts.orders.limits import LimitContest, LimitContested
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts


async def contest_limit(
    desk: Desk, session: Session, hold: UUID, view: str, language: str
) -> LimitContested | Declined:
    """What will be looked at, or why nothing is. The refused checkout left its address in the draft."""
    sql = desk.work.once("order_guidance", session.buyer)
    draft = await drafts.find(sql, session.id_hash, hold, desk.clock.now())
    if draft is None:
        return Declined.ours("no-such-draft", 404)
    typed = draft.typed
    try:
        body = LimitContest(
            name=typed.name, email=typed.email, phone=typed.phone or None, locale=typed.locale, view=view
        )
    except ValidationError:
        return Declined.ours("nothing-to-contest", 409)
    acting = Acting(session, draft.subject)
    question = Question("orders", "POST", f"/holds/{hold}/contest", acting, body, language=language)
    return await desk.neighbours.ask(question, LimitContested)
