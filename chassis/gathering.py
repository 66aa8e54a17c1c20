"""Letters of one topic that are taken together: one transaction for all that arrive at about the same time.

A commit costs as much as all that is written in it, and nobody waits for a letter to be taken. Together they
stand or fall: where one cannot be taken, each is tried by itself, and only that one is parked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from chassis.heard import Heard, Subscription
from chassis.log import fault_of, get_logger
from chassis.terms import is_forgetting
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.envelope import Event

MOST = 40
GATHER_SECONDS = 0.1
BUSY_SECONDS = 1.0
"""A letter that comes so long after the last one is taken at once; others wait a moment for company."""

LOCK_SUBJECTS = "SELECT pg_advisory_xact_lock_shared(hashtextextended(s, 0)) FROM unnest($1::text[]) AS s"
TAKE_UP_ALL = """
INSERT INTO inbox (id, topic, seen_at, subject)
SELECT u.id, $1, $2, u.subject FROM unnest($3::uuid[], $4::uuid[], $5::uuid[]) AS u (id, subject, barred)
WHERE NOT EXISTS (SELECT FROM tombstone t WHERE t.subject = u.barred) ON CONFLICT DO NOTHING
"""

E = TypeVar("E", bound=Event)
Take = Callable[[Work, Sequence[Heard[E]]], Awaitable[None]]


class SeenBefore(Exception):
    """Among letters that were to be taken together is one that was taken before, or of a forgotten person."""


async def first_sight_of_all(tx: Work, letters: Sequence[Heard[Any]]) -> bool:
    """As Work.first_sight_of, for letters of one topic: whether every one of them is new here.

    Where one is not, the transaction has taken up the others, so it must not be committed.
    """
    topic = letters[0].topic
    subjects = [heard.event.subject_of() for heard in letters]
    barred = [None] * len(letters) if is_forgetting(topic) else subjects
    if any(barred):
        await tx.execute(LOCK_SUBJECTS, sorted(str(subject) for subject in barred if subject))
    ids = [heard.id for heard in letters]
    return await tx.execute(TAKE_UP_ALL, topic, tx.now, ids, subjects, barred) == len(letters)


class Listener(Generic[E]):
    """Both forms of a handler whose `take` writes what letters say: for one, and for several at once."""

    def __init__(self, work: Workplace, purpose: str, take: Take[E]) -> None:
        """`take` gets letters that are new here, in any order, and may meet one person twice."""
        self._work = work
        self._purpose = purpose
        self._take = take

    def hears(self, event: type[Event]) -> Subscription:
        """Listen to an event, for the purpose that the letters are taken for."""
        return Subscription(event, self._purpose, self.one, self.several)

    async def one(self, heard: Heard[E]) -> None:
        """Take a letter if it is new."""
        async with self._work(self._purpose, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await self._take(tx, [heard])

    async def several(self, letters: Sequence[Heard[E]]) -> None:
        """Take letters that are all new; SeenBefore where one is not, and then nothing was written."""
        async with self._work(self._purpose, SYSTEM) as tx:
            if not await first_sight_of_all(tx, letters):
                raise SeenBefore
            await self._take(tx, letters)


class Gathering:
    """Brings letters of one subscription together; each waits for its own fate only."""

    def __init__(self, subscription: Subscription) -> None:
        self._one = subscription.handle
        self._several = subscription.together
        self._waiting: list[tuple[Heard[Any], asyncio.Future[bool]]] = []
        self._full = asyncio.Event()
        self._taking: asyncio.Task[None] | None = None
        self._ended = float("-inf")
        self._log = get_logger()

    async def handle(self, heard: Heard[Any]) -> None:
        """Returns when the letter was taken; raises what its handler raised."""
        if self._several is None or not await self._taken_with_others(heard):
            await self._one(heard)

    async def _taken_with_others(self, heard: Heard[Any]) -> bool:
        taken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((heard, taken))
        if len(self._waiting) >= MOST:
            self._full.set()
        if self._taking is None:
            self._taking = asyncio.create_task(self._take_all())
        return await taken

    async def _take_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            if loop.time() - self._ended < BUSY_SECONDS:
                await self._company()
            self._full.clear()
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            taken = await self._take([heard for heard, _ in batch])
            for _, fate in batch:
                if not fate.done():
                    fate.set_result(taken)
            self._ended = loop.time()
        self._taking = None

    async def _company(self) -> None:
        try:
            async with asyncio.timeout(GATHER_SECONDS):
                await self._full.wait()
        except TimeoutError:
            return

    async def _take(self, letters: Sequence[Heard[Any]]) -> bool:
        """Whether they were taken together. Where not, each tries alone: that tells whose fault it was."""
        if self._several is None or len(letters) == 1:
            return False
        try:
            await self._several(letters)
        except Exception as error:
            self._log.warning(
                "letters_not_together", topic=letters[0].topic, count=len(letters), fault=fault_of(error)
            )
            return False
        return True
