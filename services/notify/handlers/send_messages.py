"""Sends what is due: claim and commit, hand over, commit the fate.

A crash between the mail server's yes and our commit repeats the message after its lease, with the same
Message-ID: at least once, never lost. The other order could lose it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.notify.compose import Composer
from services.notify.domain.messages import PATIENCE, Outcome, Retry, Template, after
from services.notify.post import Post
from services.notify.store import messages
from services.notify.store.messages import Claimed

PURPOSE, OPERATION = "order_guidance", "operation"
TEMPLATES = (Template.TICKETS, Template.PAYMENT_FAILED)
AT_ONCE = 4
LONGEST_WAIT = timedelta(days=7)


class SendMessages:
    """The postman of order_guidance; any number of processes may run one each."""

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
        await self._make_due()
        while True:
            async with self._work(PURPOSE, SYSTEM) as tx:
                claimed = await messages.claim(tx, TEMPLATES, self._lease, AT_ONCE)
            if not claimed:
                await self._post.rest()
                return
            await asyncio.gather(*(self._send(one) for one in claimed))

    async def _make_due(self) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            await messages.release(tx)
            lost = await messages.give_up_waiting(tx, tx.now - LONGEST_WAIT)
        if lost:
            self._log.error("messages_without_address", count=lost)

    async def _send(self, claimed: Claimed) -> None:
        try:
            outcome = await self._try(claimed)
        except Exception as error:
            # One letter that cannot be made must not stop the others; it is tried again like any other.
            self._log.error("message_not_made", message_id=claimed.id, exc_info=error)
            outcome = Outcome.NOT_NOW
        if outcome is Outcome.HANDED_OVER:
            await self._note_sent(claimed)
        else:
            await self._note_refused(claimed, outcome)

    async def _try(self, claimed: Claimed) -> Outcome:
        message = await self._composer.of_claimed(claimed, self._clock.now())
        if message is None:
            return Outcome.NEVER
        return await self._post.hand_over(message)

    async def _note_sent(self, claimed: Claimed) -> None:
        # Noted whoever was restricted meanwhile, so that nothing is sent twice.
        async with self._work(OPERATION, SYSTEM) as tx:
            # The row is gone where the person was erased meanwhile: then nothing is announced either.
            if await messages.mark_sent(tx, claimed.id):
                await tx.announce(
                    MessageSentV1(
                        subject=claimed.subject, message=claimed.id, template=claimed.template.value
                    )
                )

    async def _note_refused(self, claimed: Claimed, outcome: Outcome) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            fate = after(outcome, claimed.attempts, claimed.created_at, tx.now, PATIENCE)
            if isinstance(fate, Retry):
                await messages.retry(tx, claimed.id, fate.at)
                return
            await messages.give_up(tx, claimed.id)
        self._log.error("message_given_up", message_id=claimed.id, attempts=claimed.attempts)
