"""Whoever contested an automated decision is told what a person decided, and why (Art. 22(3), 12(3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.work import Work
from services.notify.domain.messages import Outcome
from services.notify.mail import Wired
from services.notify.store import review_letters
from services.notify.store.review_letters import ReviewLetter

Compose = Callable[[ReviewLetter, datetime], Awaitable[Wired]]


class SendReviews:
    """What the postman of answers carries. Rights go on during a restriction."""

    purpose = noted_for = "rights"
    at_once = 1

    def __init__(self, compose: Compose, lease: timedelta) -> None:
        self._compose = compose
        self._lease = lease

    async def claim(self, tx: Work) -> Sequence[ReviewLetter]:
        """An answer that is due."""
        return await review_letters.claim(tx, self._lease)

    async def write(self, letter: ReviewLetter, now: datetime) -> Wired | Outcome:
        """The mail; not now while no address is known."""
        return Outcome.NOT_NOW if letter.person is None else await self._compose(letter, now)

    async def note_sent(self, tx: Work, sent: Sequence[ReviewLetter]) -> Collection[UUID]:
        """What was said goes; that it was said stays."""
        ended = [one for one in sent if await review_letters.end(tx, one.id)]
        for one in ended:
            await review_letters.note_sent(tx, one)
        return {one.id for one in ended}

    async def put_off(self, tx: Work, letter: ReviewLetter, until: datetime) -> None:
        """Due again then."""
        await review_letters.retry(tx, letter.id, until)

    async def give_up(self, tx: Work, letter: ReviewLetter) -> None:
        """Forgotten unsent."""
        await review_letters.end(tx, letter.id)
