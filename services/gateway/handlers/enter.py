"""A session here of one that accounts opened, whatever it was opened by."""

from dataclasses import replace

from contracts import accounts
from contracts.actors import SYSTEM, Actor, Role
from services.gateway.domain.session import Session
from services.gateway.handlers.carry_wishes import carry_wishes
from services.gateway.handlers.desk import Cookie, Desk, fresh_cookie
from services.gateway.neighbours.tokens import Acting
from services.gateway.store import drafts, sessions, waiting


async def enter(desk: Desk, opened: accounts.api.Session, before: Session | None) -> tuple[Session, Cookie]:
    """The session here of one that accounts opened, always under a new cookie."""
    cookie = replace(fresh_cookie(), device=opened.device)
    actor = Actor(opened.role, opened.actor, opened.organisation)
    session = Session(
        cookie.id_hash,
        "login",
        actor,
        opened.actor,
        opened.display_name,
        opened.secret,
        opened.expires_at,
        login=opened.id,
        due=opened.due,
    )
    async with desk.work("order_guidance", SYSTEM) as tx:
        if before is not None:
            await sessions.remove(tx, before.id_hash)
            if actor.role is Role.VISITOR:
                await drafts.move(tx, before.id_hash, cookie.id_hash, actor.id)
                await waiting.move(tx, before.id_hash, cookie.id_hash, actor.id)
        await sessions.add(tx, desk.seal, [session], tx.now)
    if before is not None:
        if actor.role is Role.VISITOR:
            await carry_wishes(desk, before, Acting(session), actor.id)
        desk.guests.forget(before)
        desk.book.forget(before)
    return session, cookie
