"""Carries letters: claim and commit, hand over, commit the fate. What a letter says is its kind's own affair.

A crash between the mail server's yes and our commit repeats the letter after its lease, with the same
Message-ID: at least once, never lost. The other order could lose it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.notify.events import MessageSentV1
from services.notify.domain.messages import PATIENCE, Outcome, Retry, after
from services.notify.mail import Wired
from services.notify.post import Post


class Letter(Protocol):
    """A letter that this process may try to send until its lease ends; `attempts` counts this try."""

    @property
    def id(self) -> UUID: ...
    @property
    def subject(self) -> UUID: ...
    @property
    def attempts(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def template(self) -> str:
        """What it is called in the list of what was sent."""
        ...


L = TypeVar("L", bound=Letter)


class Kind(Protocol[L]):
    """Letters of one purpose: which are due, what they say, and where their fate is written.

    `noted_for` is the purpose in which what left is noted: one that no restriction hides, so that nothing is
    sent twice.
    """

    @property
    def purpose(self) -> str: ...
    @property
    def noted_for(self) -> str: ...
    @property
    def at_once(self) -> int:
        """How many are claimed together at most."""
        ...

    async def claim(self, tx: Work) -> Sequence[L]:
        """Some of what is due, with what is known of it at this instant; they are sent at the same time."""
        ...

    async def write(self, letter: L, now: datetime) -> Wired | Outcome:
        """The mail; or what becomes of a letter that cannot be written."""
        ...

    async def note_sent(self, tx: Work, sent: Sequence[L]) -> Collection[UUID]:
        """Note what left; without what another process noted faster, or whose person was erased meanwhile."""
        ...

    async def put_off(self, tx: Work, letter: L, until: datetime) -> None:
        """Let it be due again then."""
        ...

    async def give_up(self, tx: Work, letter: L) -> None:
        """It will not be sent."""
        ...


class Postman(Generic[L]):
    """The postman of one kind; any number of processes may run one each."""

    def __init__(self, work: Workplace, kind: Kind[L], post: Post, clock: Clock) -> None:
        self._work = work
        self._kind = kind
        self._post = post
        self._clock = clock
        self._log = get_logger()

    async def __call__(self) -> None:
        """Send until nothing is due. Where much is, some letters are made while others are handed over."""
        first = await self._claim()
        more = await self._claim() if len(first) == self._kind.at_once else ()
        ended = await asyncio.gather(self._send(first), self._send(more), return_exceptions=True)
        for fault in ended:
            if fault is not None:
                raise fault
        await self._post.rest()

    async def _send(self, due: Sequence[L]) -> None:
        """Send these, then others as long as there are any."""
        while due:
            outcomes = await asyncio.gather(*map(self._try, due))
            tried = list(zip(due, outcomes, strict=True))
            await self._note_sent([letter for letter, outcome in tried if outcome is Outcome.HANDED_OVER])
            for letter, outcome in tried:
                if outcome is not Outcome.HANDED_OVER:
                    await self._note_refused(letter, outcome)
            due = await self._claim()

    async def _claim(self) -> Sequence[L]:
        async with self._work(self._kind.purpose, SYSTEM) as tx:
            return await self._kind.claim(tx)

    async def _try(self, letter: L) -> Outcome:
        try:
            mail = await self._kind.write(letter, self._clock.now())
        except Exception as error:
            # One letter that cannot be made must not stop the others; it is tried again like any other.
            self._log.error("message_not_made", message_id=letter.id, exc_info=error)
            return Outcome.NOT_NOW
        return mail if isinstance(mail, Outcome) else await self._post.hand_over(mail)

    async def _note_sent(self, sent: Sequence[L]) -> None:
        if not sent:
            return
        async with self._work(self._kind.noted_for, SYSTEM) as tx:
            noted = await self._kind.note_sent(tx, sent)
            for letter in sent:
                if letter.id in noted:
                    said = MessageSentV1(
                        subject=letter.subject, message=letter.id, template=str(letter.template)
                    )
                    await tx.announce(said)

    async def _note_refused(self, letter: L, outcome: Outcome) -> None:
        async with self._work(self._kind.purpose, SYSTEM) as tx:
            fate = after(outcome, letter.attempts, letter.created_at, tx.now, PATIENCE)
            if isinstance(fate, Retry):
                await self._kind.put_off(tx, letter, fate.at)
                return
            await self._kind.give_up(tx, letter)
        self._log.error("message_given_up", message_id=letter.id, attempts=letter.attempts)
