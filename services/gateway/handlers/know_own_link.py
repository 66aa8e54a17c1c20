"""A link in a mail of somebody who logged in: their own, or one of a guest whom their account keeps."""

from __future__ import annotations

from chassis.claims import is_one
from chassis.tokens import Link
from services.gateway.domain.session import Session
from services.gateway.handlers.desk import Desk


async def know_own_link(desk: Desk, session: Session, link: Link) -> bool:
    """Whether whom a link speaks for is whoever logged in."""
    return await is_one(desk.work.once("order_guidance", session.buyer), link.subject, session.buyer)
