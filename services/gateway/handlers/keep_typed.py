"""What was typed at checkout is kept before anything else is done with the places (F-05)."""

from uuid import UUID

from services.gateway.domain.draft import Typed
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk


async def keep_typed(desk: Desk, session: Session, hold: UUID, typed: Typed) -> None:
    """Keep it in the draft of a hold, where this visitor has one."""
    await desk.visits.keep_typed(session.id_hash, hold, typed)
