"""What a visitor wished for before they were known is put on their list (F-12)."""

from __future__ import annotations

from uuid import UUID

from contracts.accounts.wishes import Wishes, WishesAdded
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import wish_drafts

CARRIED = ("wish_list",)
"""What a route that opens a session is also for."""


async def carry_wishes(desk: Desk, before: Session, acting: Acting, subject: UUID) -> None:
    """From a visit to the list of whoever it turned out to be. What accounts cannot take stays with the visit
    that follows, and is tried again when its list is looked at."""
    sql, now = desk.work.once("wish_list", before.buyer), desk.clock.now()
    kept = await wish_drafts.events(sql, before.id_hash, now)
    if not kept:
        return
    question = Question("accounts", "POST", "/people/me/wishes", acting, WishesAdded(events=kept))
    if not isinstance(await desk.neighbours.ask(question, Wishes), Declined):
        await wish_drafts.forget(sql, before.id_hash)
    elif before.id_hash != acting.session.id_hash:
        session = acting.session
        await wish_drafts.move(sql, before.id_hash, session.id_hash, subject, session.expires_at)
