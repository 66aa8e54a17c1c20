"""Sends what is due: claim and commit, hand over, commit the fate.

A crash between the mail server's yes and our commit repeats the message after its lease, with the same
Message-ID: at least once, never lost. The other order could lose it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.notify.compose import About, Composer, look_up
from services.notify.domain.messages import ABOUT_MONEY, PATIENCE, Outcome, Retry, Template, after
from services.notify.post import Post
from services.notify.store import messages
from services.notify.store.messages import Claimed

PURPOSE, OPERATION = "order_guidance", "operation"
TEMPLATES = (*ABOUT_MONEY, Template.TICKETS, Template.PAYMENT_FAILED)
AT_ONCE = 8
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
        """Send until nothing is due. Where much is, some letters are made while others are handed over."""
        first = await self._claim()
        more = await self._claim() if len(first) == AT_ONCE else []
        ended = await asyncio.gather(self._send(first), self._send(more), return_exceptions=True)
        for fault in ended:
            if fault is not None:
                raise fault
        await self._post.rest()

    async def _send(self, due: Sequence[tuple[Claimed, About | None]]) -> None:
        """Send these, then others as long as there are any."""
        while due:
            outcomes = await asyncio.gather(*(self._try(claimed, about) for claimed, about in due))
            tried = [(claimed, outcome) for (claimed, _), outcome in zip(due, outcomes, strict=True)]
            await self._note_sent([one for one, outcome in tried if outcome is Outcome.HANDED_OVER])
            for claimed, outcome in tried:
                if outcome is not Outcome.HANDED_OVER:
                    await self._note_refused(claimed, outcome)
            due = await self._claim()

    async def _claim(self) -> list[tuple[Claimed, About | None]]:
        """Make due what has everything now, and claim some of it, with what is known at this instant."""
        async with self._work(PURPOSE, SYSTEM) as tx:
            await messages.release(tx)
            lost = await messages.give_up_waiting(tx, tx.now - LONGEST_WAIT)
            claimed = await messages.claim(tx, TEMPLATES, self._lease, AT_ONCE)
            about = await look_up(tx, claimed) if claimed else []
        if lost:
            self._log.error("messages_without_address", count=lost)
        return list(zip(claimed, about, strict=True))

    async def _try(self, claimed: Claimed, about: About | None) -> Outcome:
        if about is None:
            return Outcome.NEVER
        try:
            mail = await self._composer.of_claimed(claimed, about, self._clock.now())
        except Exception as error:
            # One letter that cannot be made must not stop the others; it is tried again like any other.
            self._log.error("message_not_made", message_id=claimed.id, exc_info=error)
            return Outcome.NOT_NOW
        return await self._post.hand_over(mail)

    async def _note_sent(self, sent: Sequence[Claimed]) -> None:
        # Noted whoever was restricted meanwhile, so that nothing is sent twice.
        if not sent:
            return
        async with self._work(OPERATION, SYSTEM) as tx:
            noted = await messages.mark_sent(tx, [one.id for one in sent])
            for one in sent:
                # The row is gone where the person was erased meanwhile: then nothing is announced either.
                if one.id in noted:
                    said = MessageSentV1(subject=one.subject, message=one.id, template=one.template.value)
                    await tx.announce(said)

    async def _note_refused(self, claimed: Claimed, outcome: Outcome) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            fate = after(outcome, claimed.attempts, claimed.created_at, tx.now, PATIENCE)
            if isinstance(fate, Retry):
                await messages.retry(tx, claimed.id, fate.at)
                return
            await messages.give_up(tx, claimed.id)
        self._log.error("message_given_up", message_id=claimed.id, attempts=claimed.attempts)
