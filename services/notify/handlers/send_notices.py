"""Sends letters about decisions on rights, which no restriction holds up (Art. 12(3), 18(2))."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.notify.compose import Composer
from services.notify.domain.messages import PATIENCE, Outcome, Retry, after
from services.notify.post import Post
from services.notify.store import contacts, messages, notices
from services.notify.store.notices import Notice

PURPOSE = "rights"
AT_ONCE = 4


class SendNotices:
    """The postman of these letters."""

    def __init__(
        self, work: Workplace, composer: Composer, post: Post, clock: Clock, lease: timedelta
    ) -> None:
        self._work = work
        self._composer = composer
        self._post = post
        self._clock = clock
        self._lease = lease
        self._log = get_logger()

    async def __call__(self) -> None:
        """Send until nothing is due."""
        while True:
            async with self._work(PURPOSE, SYSTEM) as tx:
                claimed = await notices.claim(tx, self._lease, AT_ONCE)
            if not claimed:
                return
            for notice in claimed:
                await self._end(notice, await self._try(notice))

    async def _try(self, notice: Notice) -> Outcome:
        async with self._work(PURPOSE, SYSTEM) as tx:
            person = await contacts.find(tx, notice.subject)
        if person is None:
            return Outcome.NOT_NOW
        try:
            message = await self._composer.notice(notice, person, self._clock.now())
        except Exception as error:
            self._log.error("notice_not_made", message_id=notice.id, exc_info=error)
            return Outcome.NOT_NOW
        return await self._post.hand_over(message)

    async def _end(self, notice: Notice, outcome: Outcome) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            if outcome is Outcome.HANDED_OVER:
                if await messages.mark_sent(tx, [notice.id]):
                    template = notice.template.value
                    sent = MessageSentV1(subject=notice.subject, message=notice.id, template=template)
                    await tx.announce(sent)
                return
            fate = after(outcome, notice.attempts, notice.created_at, tx.now, PATIENCE)
            if isinstance(fate, Retry):
                await messages.retry(tx, notice.id, fate.at)
                return
            await messages.give_up(tx, notice.id)
        self._log.error("notice_given_up", message_id=notice.id, attempts=notice.attempts)
