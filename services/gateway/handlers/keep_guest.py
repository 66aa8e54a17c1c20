"""Somebody who logged in keeps a guest's order in their account, by the link of its mail (G-02)."""

from __future__ import annotations

import asyncio

from contracts.accounts.claims import Claimed, ClaimGuest
from contracts.orders.api import OrderList
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

MISSING = Declined.ours("session-missing", 401)
LOOKS, PAUSE = 20, 0.1


async def keep_guest(desk: Desk, session: Session, link: str, language: str) -> Claimed | Declined:
    """The guest, now the account's; returns when orders knows it too, or after two seconds."""
    if session.secret is None:
        return MISSING
    before = await _orders(desk, session, language)
    body = ClaimGuest(secret=session.secret, link=link)
    question = Question("accounts", "POST", "/account/guests", body=body, language=language)
    done = await desk.neighbours.ask(question, Claimed)
    if isinstance(done, Claimed):
        for _ in range(LOOKS):
            if await _orders(desk, session, language) != before:
                break
            await asyncio.sleep(PAUSE)
    return done


async def _orders(desk: Desk, session: Session, language: str) -> int:
    question = Question("orders", "GET", "/my/orders", Acting(session), language=language)
    found = await desk.neighbours.ask(question, OrderList)
    return 0 if isinstance(found, Declined) else len(found.orders)
