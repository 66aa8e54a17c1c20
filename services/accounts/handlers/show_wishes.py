"""A person looks at their own wish list (G-03)."""

from __future__ import annotations

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.wishes import Wishes
from services.accounts.wish_links import WishLinks
from services.accounts.wishing import list_of


class ShowWishes:
    """GET /people/me/wishes."""

    def __init__(self, work: Workplace, links: WishLinks) -> None:
        self._work = work
        self._links = links

    async def __call__(self, call: Call) -> Wishes:
        """The list; an empty one where nobody began it."""
        async with self._work("wish_list", call.actor) as tx:
            return await list_of(tx, self._links, call.actor.id)
