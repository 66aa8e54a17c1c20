"""A letter about an account was ordered: it is kept until it is sent, or says nothing any more."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import LetterOrderedV1
from contracts.actors import SYSTEM
from services.notify.store import account_letters

PURPOSE = "account"


class TakeLetter:
    """Hears accounts.letter.ordered."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[LetterOrderedV1]) -> None:
        """Keep the letter until it is sent or says nothing any more."""
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await account_letters.add(tx, heard.event)
