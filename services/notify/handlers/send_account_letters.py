"""Letters about accounts are sent while their link counts, and forgotten with their address."""

from __future__ import annotations

from datetime import timedelta

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.notify.account_letters import AccountComposer
from services.notify.domain.messages import PATIENCE, Outcome, Retry, after
from services.notify.post import Post
from services.notify.store import account_letters
from services.notify.store.account_letters import AccountLetter

PURPOSE = "account"
AT_ONCE = 1
"""They are sent one after the other, and the lease of a second would run while the first is sent."""


class SendAccountLetters:
    """The postman of accounts; any number of processes may run one each."""

    def __init__(
        self, work: Workplace, compose: AccountComposer, post: Post, clock: Clock, lease: timedelta
    ) -> None:
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
                claimed = await account_letters.claim(tx, self._lease, AT_ONCE)
            if not claimed:
                return
            for letter in claimed:
                await self._end(letter, await self._try(letter))

    async def _try(self, letter: AccountLetter) -> Outcome:
        try:
            message = await self._compose(letter, self._clock.now())
        except Exception as error:
            # One letter that cannot be made must not stop the others; it is tried again like any other.
            self._log.error("message_not_made", message_id=letter.id, exc_info=error)
            return Outcome.NOT_NOW
        return await self._post.hand_over(message)

    async def _end(self, letter: AccountLetter, outcome: Outcome) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            if outcome is Outcome.HANDED_OVER:
                if await account_letters.end(tx, letter.id):
                    await account_letters.note_sent(tx, letter)
                    template = f"account_{letter.kind}"
                    await tx.announce(
                        MessageSentV1(subject=letter.subject, message=letter.id, template=template)
                    )
                return
            fate = after(outcome, letter.attempts, letter.created_at, tx.now, PATIENCE)
            if isinstance(fate, Retry):
                await account_letters.retry(tx, letter.id, fate.at)
                return
            await account_letters.end(tx, letter.id)
        self._log.error("message_given_up", message_id=letter.id, attempts=letter.attempts)
