"""With a hold begins a draft for whoever will buy its places."""

from __future__ import annotations

from uuid import uuid4

from contracts.orders.api import Hold
from services.gateway.domain.draft import Draft, Typed
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk


async def begin_draft(desk: Desk, session: Session, held: Hold) -> None:
    """A guest is a new person with every order (never merged by address); who logged in is themselves."""
    buyer = session.subject or uuid4()
    draft = Draft(held.id, session.id_hash, buyer, held.event.slug, len(held.lines), held.expires_at, Typed())
    await desk.visits.draft(draft)
