"""Whoever contested an automated decision is told what a person decided, and why (Art. 22(3), 12(3))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.notify.domain.messages import PATIENCE, Outcome, Retry, Template, after
from services.notify.mail import Wired
from services.notify.post import Post
from services.notify.store import review_letters
from services.notify.store.review_letters import ReviewLetter

PURPOSE = "rights"
Compose = Callable[[ReviewLetter, datetime], Awaitable[Wired]]


class SendReviews:
    """The postman of answers; any number of processes may run one each. Rights go on during a restriction."""

    def __init__(self, work: Workplace, compose: Compose, post: Post, clock: Clock, lease: timedelta) -> None:
        self._work = work
        self._compose = compose
        self._post = post
        self._clock = clock
        self._lease = lease
        self._log = get_logger()

    async def __call__(self) -> None:
        """Send until nothing is due."""
        while True:
            async with self._work(PURPOSE, SYSTEM) as tx:
                claimed = await review_letters.claim(tx, self._lease)
            if not claimed:
                return
            for letter in claimed:
                await self._end(letter, await self._try(letter))

    async def _try(self, letter: ReviewLetter) -> Outcome:
        if letter.person is None:
            return Outcome.NOT_NOW
        try:
            message = await self._compose(letter, self._clock.now())
        except Exception as error:
            # One letter that cannot be made must not stop the others; it is tried again like any other.
            self._log.error("message_not_made", message_id=letter.id, exc_info=error)
            return Outcome.NOT_NOW
        return await self._post.hand_over(message)

    async def _end(self, letter: ReviewLetter, outcome: Outcome) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            if outcome is Outcome.HANDED_OVER:
                if await review_letters.end(tx, letter.id):
                    await review_letters.note_sent(tx, letter)
                    sent = Template.REVIEWED.value
                    await tx.announce(MessageSentV1(subject=letter.subject, message=letter.id, template=sent))
                return
            fate = after(outcome, letter.attempts, letter.created_at, tx.now, PATIENCE)
            if isinstance(fate, Retry):
                await review_letters.retry(tx, letter.id, fate.at)
                return
            await review_letters.end(tx, letter.id)
        self._log.error("message_given_up", message_id=letter.id, attempts=letter.attempts)
