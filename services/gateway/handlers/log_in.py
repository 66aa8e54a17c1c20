"""Log in: accounts checks who it is, the gateway keeps the session."""

from dataclasses import replace

from contracts import accounts
from contracts.actors import SYSTEM, Actor, Role
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Cookie, Desk, fresh_cookie
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.store import drafts, sessions, waiting


async def log_in(desk: Desk, question: Question, before: Session | None) -> tuple[Session, Cookie] | Declined:
    """A session with a fresh cookie, whatever accounts opens one for: a password, or a letter.

    The one before ends; a visitor's basket and place in line go along.
    """
    opened = await desk.neighbours.ask(question, accounts.api.Session)
    if isinstance(opened, Declined):
        return opened
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
    )
    async with desk.work("order_guidance", SYSTEM) as tx:
        if before is not None:
            await sessions.remove(tx, before.id_hash)
            if actor.role is Role.VISITOR:
                await drafts.move(tx, before.id_hash, cookie.id_hash, actor.id)
                await waiting.move(tx, before.id_hash, cookie.id_hash, actor.id)
        await sessions.add(tx, desk.seal, [session], tx.now)
    if before is not None:
        desk.guests.forget(before)
    return session, cookie
