"""The letter about the end of a restriction has left (Art. 18(3))."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.retention.store import restrictions

TOLD_BY = "restriction_ending"
"""The letter of notify that says that a restriction will end."""


class NoteTold:
    """notify.message.sent: the letter about the end of a restriction has left."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[MessageSentV1]) -> None:
        """Note it; every other letter is nothing to us."""
        if heard.event.template != TOLD_BY:
            return
        async with self._work("rights", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await restrictions.note_told(tx, heard.event.subject, tx.now)
