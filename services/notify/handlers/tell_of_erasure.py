"""The end of an erasure: one last letter, then the address goes too (Art. 12(3), 17).

The letter leaves while the address is still here. The erasure is committed after the mail server's yes; a
crash between the two repeats the letter with the same Message-ID. A mail server that refuses holds nothing up
for longer than its patience.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.forgetting import carry_out_erasure
from chassis.heard import Heard
from chassis.log import get_logger
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.notify.receipts import ErasureCarriedOutV1
from contracts.retention.events import ErasureTellingV1
from services.notify.compose import Composer
from services.notify.domain.contact import Addressee
from services.notify.domain.messages import (
    PATIENCE_BEFORE_ERASURE,
    Outcome,
    Retry,
    Template,
    after,
    message_id_of,
)
from services.notify.post import Post
from services.notify.store import contacts, messages
from services.notify.store.messages import ClaimedLast

PURPOSE = "rights"
AT_ONCE = 1
"""They are sent one after the other, and the lease of a second would run while the first is sent."""


class Forget:
    """Erases a person here and answers with a receipt; a repeat answers like the first time."""

    def __init__(self, charter: Charter) -> None:
        self._charter = charter

    async def __call__(self, tx: Work, subject: UUID, case: UUID) -> None:
        """Erase in this transaction, messages included, and announce the counts."""
        done = await carry_out_erasure(tx, self._charter, subject, case)
        await tx.announce(
            ErasureCarriedOutV1(
                subject=subject,
                case=case,
                counts=done.counts,
                kept_for_the_books=done.kept_for_the_books,
                recipients=done.recipients,
            )
        )


class TellOfErasure:
    """Hears retention.erasure.telling."""

    def __init__(self, work: Workplace, forget: Forget) -> None:
        self._work = work
        self._forget = forget

    async def __call__(self, heard: Heard[ErasureTellingV1]) -> None:
        """Plan the last letter; without an address, or told again after the erasure, answer at once."""
        told = heard.event
        async with self._work(PURPOSE, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            if await contacts.find(tx, told.subject) is None:
                await self._forget(tx, told.subject, told.case)
                return
            message = message_id_of(Template.ERASED, told.case)
            await messages.add_last(tx, message, told.subject, told.case, told.as_of)


class SendLastLetters:
    """The postman of rights: sends last letters and erases whom they were written to."""

    def __init__(
        self,
        work: Workplace,
        composer: Composer,
        post: Post,
        clock: Clock,
        forget: Forget,
        lease: timedelta,
    ) -> None:
        self._work = work
        self._composer = composer
        self._post = post
        self._clock = clock
        self._forget = forget
        self._lease = lease
        self._log = get_logger()

    async def __call__(self) -> None:
        """Send until nothing is due, one after the other: they are few."""
        while True:
            async with self._work(PURPOSE, SYSTEM) as tx:
                claimed = await messages.claim_last(tx, self._lease, AT_ONCE)
                people = [await contacts.find(tx, one.subject) for one in claimed]
            if not claimed:
                return
            for one, person in zip(claimed, people, strict=True):
                await self._end(one, await self._try(one, person))

    async def _try(self, claimed: ClaimedLast, person: Addressee | None) -> Outcome:
        if person is None:
            return Outcome.NEVER
        try:
            message = await self._composer.last_letter(claimed.id, person, self._clock.now())
        except Exception as error:
            self._log.error("last_letter_not_made", message_id=claimed.id, exc_info=error)
            return Outcome.NOT_NOW
        return await self._post.hand_over(message)

    async def _end(self, claimed: ClaimedLast, outcome: Outcome) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            if outcome is not Outcome.HANDED_OVER:
                fate = after(outcome, claimed.attempts, claimed.created_at, tx.now, PATIENCE_BEFORE_ERASURE)
                if isinstance(fate, Retry):
                    await messages.retry(tx, claimed.id, fate.at)
                    return
                self._log.error("erased_without_telling", case=claimed.case, attempts=claimed.attempts)
            await self._forget(tx, claimed.subject, claimed.case)
