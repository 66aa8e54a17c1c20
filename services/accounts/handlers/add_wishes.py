"""Events are put on a wish list: from a page, or all that somebody kept before they logged in (F-12)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.events import WishAddedV1
from contracts.accounts.wishes import Wishes, WishesAdded
from services.accounts.domain.wishes import KINDS, UNKNOWN_LIFE, added
from services.accounts.store import wishes
from services.accounts.wish_links import WishLinks
from services.accounts.wishing import list_of


class AddWishes:
    """POST /people/me/wishes."""

    def __init__(self, work: Workplace, links: WishLinks) -> None:
        self._work = work
        self._links = links

    async def __call__(self, call: Call) -> Wishes | Refused:
        """The list as it is then; what stood on it is not told again. person-unknown, wish-list-full."""
        asked: WishesAdded = call.body
        subject = call.actor.id
        async with self._work("wish_list", call.actor) as tx:
            if not await tx.remembers(subject):
                return Refused("person-unknown")
            turn = await wishes.lock(tx, subject, KINDS)
            decided = added(await wishes.events(tx, subject), asked.events)
            if isinstance(decided, Refused):
                return decided
            new = decided.value
            await wishes.add(tx, subject, new, tx.now, tx.now + UNKNOWN_LIFE)
            await wishes.count_on(tx, subject, turn.version + len(new), turn.kinds)
            for version, event in enumerate(new, turn.version + 1):
                told = WishAddedV1(subject=subject, event=event, kinds=turn.kinds, version=version)
                await tx.announce(told)
            return await list_of(tx, self._links, subject)
