"""Letters about decisions on rights, which no restriction holds up (Art. 12(3), 18(2))."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.work import Work
from services.notify.compose import Composer
from services.notify.domain.messages import Outcome
from services.notify.mail import Wired
from services.notify.store import messages, notices
from services.notify.store.notices import Notice


class SendNotices:
    """What the postman of rights carries."""

    purpose = noted_for = "rights"
    at_once = 4

    def __init__(self, composer: Composer, lease: timedelta) -> None:
        self._composer = composer
        self._lease = lease

    async def claim(self, tx: Work) -> Sequence[Notice]:
        """Letters that are due."""
        return await notices.claim(tx, self._lease, self.at_once)

    async def write(self, letter: Notice, now: datetime) -> Wired | Outcome:
        """The mail; not now while no address is known."""
        if letter.person is None:
            return Outcome.NOT_NOW
        return await self._composer.notice(letter, letter.person, now)

    async def note_sent(self, tx: Work, sent: Sequence[Notice]) -> Collection[UUID]:
        """Listed as sent."""
        return await messages.mark_sent(tx, [one.id for one in sent])

    async def put_off(self, tx: Work, letter: Notice, until: datetime) -> None:
        """Due again then."""
        await messages.retry(tx, letter.id, until)

    async def give_up(self, tx: Work, letter: Notice) -> None:
        """Not sent."""
        await messages.give_up(tx, letter.id)
