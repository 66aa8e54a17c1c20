"""A wish list as its owner sees it."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from contracts.accounts.wishes import Wishes, WishLink
from services.accounts.domain.wishes import KINDS
from services.accounts.store import wishes
from services.accounts.wish_links import WishLinks


async def list_of(tx: Work, links: WishLinks, subject: UUID) -> Wishes:
    """What stands on it now."""
    found, kinds = await wishes.link(tx, subject, tx.now), await wishes.kinds(tx, subject)
    return Wishes(
        events=await wishes.events(tx, subject),
        kinds=KINDS if kinds is None else kinds,
        link=None if found is None else WishLink(token=links.token(found.id), expires_at=found.expires_at),
    )
