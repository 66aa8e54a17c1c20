"""Hold places: orders keeps them, the gateway begins a draft for whoever will buy them."""

from uuid import UUID, uuid4

from contracts.actors import Actor, Role
from contracts.orders.api import Hold, HoldRequest
from services.gateway.domain.draft import Draft, Typed
from services.gateway.domain.session import DRAFT_LIFE, Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts


async def hold_places(desk: Desk, session: Session, wanted: HoldRequest, language: str) -> Hold | Declined:
    """The hold, with a draft that remembers what this visitor typed before."""
    acting = Acting(session, session.subject)
    held = await desk.neighbours.ask(
        Question("orders", "POST", "/holds", acting, wanted, language=language), Hold
    )
    if not isinstance(held, Declined):
        await _begin_draft(desk, session, held)
    return held


async def _begin_draft(desk: Desk, session: Session, held: Hold) -> None:
    """A guest is a new person with every order (never merged by address); who logged in is themselves."""
    buyer: UUID = session.subject if session.subject is not None else uuid4()
    async with desk.work("order_guidance", Actor(Role.VISITOR, buyer)) as tx:
        before = await drafts.newest(tx, session.id_hash, tx.now)
        typed = before.typed if before is not None else Typed()
        draft = Draft(
            held.id, session.id_hash, buyer, held.event.slug, len(held.lines), held.expires_at, typed
        )
        await drafts.add(tx, draft, tx.now, tx.now + DRAFT_LIFE)
