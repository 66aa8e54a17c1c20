"""What the link at the foot of a mail is for: to sign off, and nothing else (RFC 8058)."""

from __future__ import annotations

from chassis.tokens import SignOff
from chassis.wordings import newest
from contracts.actors import SYSTEM
from services.gateway.handlers.desk import Desk

WORDING = newest("unsubscribe")


async def read_sign_off(desk: Desk, token: str) -> SignOff | None:
    """What a link is for; None where it counts no longer, or its person was forgotten."""
    found = desk.links.read_sign_off(token, desk.clock.now())
    if found is None or found.purpose not in WORDING.purposes:
        return None
    async with desk.work("order_guidance", SYSTEM) as tx:
        return found if await tx.remembers(found.subject) else None
