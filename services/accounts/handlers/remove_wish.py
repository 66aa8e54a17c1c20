"""An event is taken off a wish list."""

from __future__ import annotations

from uuid import UUID

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.events import WishRemovedV1
from contracts.accounts.wishes import Wishes
from services.accounts.domain.wishes import KINDS
from services.accounts.store import wishes
from services.accounts.wish_links import WishLinks
from services.accounts.wishing import list_of


class RemoveWish:
    """DELETE /people/me/wishes/{event}."""

    def __init__(self, work: Workplace, links: WishLinks) -> None:
        self._work = work
        self._links = links

    async def __call__(self, call: Call) -> Wishes:
        """The list without it, whether it stood there or not."""
        subject, event = call.actor.id, UUID(call.path["event"])
        async with self._work("wish_list", call.actor) as tx:
            if await wishes.kinds(tx, subject) is not None:
                turn = await wishes.lock(tx, subject, KINDS)
                if await wishes.remove(tx, subject, event):
                    version = turn.version + 1
                    await wishes.count_on(tx, subject, version, turn.kinds)
                    await tx.announce(WishRemovedV1(subject=subject, event=event, version=version))
            return await list_of(tx, self._links, subject)
