"""A person shows their wish list to others, by a link that says nothing of them (G-03)."""

from __future__ import annotations

from uuid import uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.wishes import Wishes
from services.accounts.domain.wishes import LINK_LIFE
from services.accounts.store import wishes
from services.accounts.store.wishes import Link
from services.accounts.wish_links import WishLinks
from services.accounts.wishing import list_of


class ShareWishes:
    """POST and DELETE /people/me/wish-link."""

    def __init__(self, work: Workplace, links: WishLinks) -> None:
        self._work = work
        self._links = links

    async def share(self, call: Call) -> Wishes | Refused:
        """The list with a new link; the one before ends. person-unknown."""
        subject = call.actor.id
        async with self._work("wish_list", call.actor) as tx:
            if not await tx.remembers(subject):
                return Refused("person-unknown")
            await wishes.end_link(tx, subject)
            await wishes.make_link(tx, subject, Link(uuid4(), tx.now + LINK_LIFE), tx.now)
            return await list_of(tx, self._links, subject)

    async def end(self, call: Call) -> Wishes:
        """The list without a link."""
        async with self._work("wish_list", call.actor) as tx:
            await wishes.end_link(tx, call.actor.id)
            return await list_of(tx, self._links, call.actor.id)
