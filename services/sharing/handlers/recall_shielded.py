"""Whoever is protected now is in nobody's feed, and what recipients got is recalled (F-70, Art. 19)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid5

from chassis.gate import is_protected
from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import ProtectionSetV1
from contracts.actors import SYSTEM
from services.sharing.handlers.order_recalls import OrderRecalls
from services.sharing.store import attendees

RIGHTS = "rights"


class RecallShielded:
    """Tells each recipient to forget somebody who is protected now, as if they were erased.

    What a feed needs of them goes here too: a recall is for good, so whoever comes back later is registered
    anew, under another id. Before this the gate hides them already.
    """

    def __init__(self, work: Workplace, recalls: OrderRecalls) -> None:
        self._work = work
        self._recalls = recalls

    async def __call__(self, heard: Heard[ProtectionSetV1]) -> None:
        """Once for each protection, whose name stands where a case would."""
        news = heard.event
        if not news.protected:
            return
        async with self._work(RIGHTS, SYSTEM) as tx:
            if await tx.first_sight_of(replace(heard, id=uuid5(heard.id, RIGHTS))):
                await attendees.take_turns(tx, news.subject)
                # News that came late is over already, as the gate says.
                if await is_protected(tx, news.subject):
                    await self._recalls(tx, news.subject, news.protection)
                    await attendees.forget(tx, news.subject)
