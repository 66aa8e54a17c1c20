"""Somebody follows the link of a wish list."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.wishes import ReadWishList, SharedWishes
from services.accounts.store import wishes
from services.accounts.wish_links import WishLinks


class ReadSharedWishes:
    """POST /wish-lists: the token rides in the body."""

    def __init__(self, work: Workplace, links: WishLinks) -> None:
        self._work = work
        self._links = links

    async def __call__(self, call: Call) -> SharedWishes | Refused:
        """Its events; wish-list-gone where the link counts no longer, or never did."""
        asked: ReadWishList = call.body
        link = self._links.read(asked.token)
        if link is None:
            return Refused("wish-list-gone")
        async with self._work("wish_list", call.actor) as tx:
            found = await wishes.shared(tx, link, tx.now)
        return Refused("wish-list-gone") if found is None else SharedWishes(events=found)
