"""With a hold begins a draft for whoever will buy its places."""

from __future__ import annotations

from uuid import uuid4

from contracts.actors import Actor, Role
from contracts.orders.api import Hold
from services.gateway.domain.draft import Draft, Typed
from services.gateway.domain.session import DRAFT_LIFE, Session
from services.gateway.handlers.desk import Desk
from services.gateway.store import drafts


async def begin_draft(desk: Desk, session: Session, held: Hold) -> None:
    """A guest is a new person with every order (never merged by address); who logged in is themselves."""
    buyer, now = session.subject or uuid4(), desk.clock.now()
    draft = Draft(held.id, session.id_hash, buyer, held.event.slug, len(held.lines), held.expires_at, Typed())
    sql = desk.work.once("order_guidance", Actor(Role.VISITOR, buyer))
    await drafts.begin(sql, draft, now, now + DRAFT_LIFE)
