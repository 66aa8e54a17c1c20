"""A person says of what they want to hear about their wishes: sale, another date, nearly full (G-03)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.events import WishAddedV1
from contracts.accounts.wishes import Wishes, WishKinds
from services.accounts.domain.wishes import in_order
from services.accounts.store import wishes
from services.accounts.wish_links import WishLinks
from services.accounts.wishing import list_of


class SetWishKinds:
    """PUT /people/me/wish-kinds."""

    def __init__(self, work: Workplace, links: WishLinks) -> None:
        self._work = work
        self._links = links

    async def __call__(self, call: Call) -> Wishes | Refused:
        """The list as it is then; every wish is told again where the kinds are others. person-unknown."""
        asked: WishKinds = call.body
        subject, kinds = call.actor.id, in_order(asked.kinds)
        async with self._work("wish_list", call.actor) as tx:
            if not await tx.remembers(subject):
                return Refused("person-unknown")
            turn = await wishes.lock(tx, subject, kinds)
            if turn.kinds != kinds:
                standing = await wishes.events(tx, subject)
                await wishes.count_on(tx, subject, turn.version + len(standing), kinds)
                for version, event in enumerate(standing, turn.version + 1):
                    told = WishAddedV1(subject=subject, event=event, kinds=kinds, version=version)
                    await tx.announce(told)
            return await list_of(tx, self._links, subject)
