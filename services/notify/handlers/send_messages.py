"""Letters about orders: tickets, payments that failed, money that left again (G-21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.log import get_logger
from chassis.work import Work
from services.notify.compose import About, Composer, look_up
from services.notify.domain.messages import ABOUT_MONEY, Outcome, Template
from services.notify.mail import Wired
from services.notify.store import messages
from services.notify.store.messages import Claimed

TEMPLATES = (*ABOUT_MONEY, Template.TICKETS, Template.PAYMENT_FAILED)
LONGEST_WAIT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """A message and what it is about; None where that is not known any more."""

    claimed: Claimed
    about: About | None

    @property
    def id(self) -> UUID:
        """Of the message."""
        return self.claimed.id

    @property
    def subject(self) -> UUID:
        """Whom it goes to."""
        return self.claimed.subject

    @property
    def template(self) -> str:
        """Which letter it is."""
        return self.claimed.template

    @property
    def attempts(self) -> int:
        """This try counts."""
        return self.claimed.attempts

    @property
    def created_at(self) -> datetime:
        """When it was planned."""
        return self.claimed.created_at


class SendMessages:
    """What the postman of order_guidance carries."""

    purpose, noted_for = "order_guidance", "operation"
    at_once = 8

    def __init__(self, composer: Composer, lease: timedelta) -> None:
        self._composer = composer
        self._lease = lease
        self._log = get_logger()

    async def claim(self, tx: Work) -> Sequence[Due]:
        """Make due what has everything now, and claim some of it."""
        await messages.release(tx)
        lost = await messages.give_up_waiting(tx, tx.now - LONGEST_WAIT)
        if lost:
            self._log.error("messages_without_address", count=lost)
        claimed = await messages.claim(tx, TEMPLATES, self._lease, self.at_once)
        about = await look_up(tx, claimed) if claimed else []
        return [Due(one, known) for one, known in zip(claimed, about, strict=True)]

    async def write(self, letter: Due, now: datetime) -> Wired | Outcome:
        """The mail; never where its person, event or order is gone."""
        if letter.about is None:
            return Outcome.NEVER
        return await self._composer.of_claimed(letter.claimed, letter.about, now)

    async def note_sent(self, tx: Work, sent: Sequence[Due]) -> Collection[UUID]:
        """Noted whoever was restricted meanwhile."""
        return await messages.mark_sent(tx, [one.id for one in sent])

    async def put_off(self, tx: Work, letter: Due, until: datetime) -> None:
        """Due again then."""
        await messages.retry(tx, letter.id, until)

    async def give_up(self, tx: Work, letter: Due) -> None:
        """Not sent."""
        await messages.give_up(tx, letter.id)
