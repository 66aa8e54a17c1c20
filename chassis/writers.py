"""Group commit: one task per key, such as an event, takes what waits and carries it out together.

An on-sale moment sends hundreds of wishes for one event within a second. Taken one by one, each would wait
for the lock of all before it; taken together they share one lock and one commit. Nobody waits for a batch to
fill: it takes what is there. Nothing breaks where a second replica runs beside this one: the database's locks
keep the two writers apart.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from chassis.faults import DatabaseAway
from chassis.log import get_logger

K = TypeVar("K", bound=Hashable)
W = TypeVar("W")
R = TypeVar("R")
LARGEST = 200


@dataclass(slots=True)
class _Waiter(Generic[W, R]):
    wish: W
    answer: asyncio.Future[R]

    @property
    def gone(self) -> bool:
        """Whether nobody waits any more."""
        return self.answer.done()


class Writers(Generic[K, W, R]):
    """The writer tasks of all keys. A task lives as long as something waits for its key.

    `commit` carries out a batch in one transaction and gives a result per wish; `release` undoes a result
    nobody waited for, where that must not stand; only wishes with the same `kind` share a transaction.
    """

    def __init__(
        self,
        commit: Callable[[K, Sequence[W]], Awaitable[Sequence[R]]],
        release: Callable[[K, R], Awaitable[None]] | None = None,
        kind: Callable[[W], Hashable] = lambda _: None,
        largest: int = LARGEST,
    ) -> None:
        self._commit = commit
        self._release = release
        self._kind = kind
        self._largest = largest
        self._log = get_logger()
        self._queues: dict[K, deque[_Waiter[W, R]]] = {}
        self._tasks: dict[K, asyncio.Task[None]] = {}

    async def submit(self, key: K, wish: W) -> R:
        """Wait for a wish to be committed; raises what the commit of this wish alone raised."""
        waiter: _Waiter[W, R] = _Waiter(wish, asyncio.get_running_loop().create_future())
        self._queues.setdefault(key, deque()).append(waiter)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._drain(key), name=f"writer {key}")
        return await waiter.answer

    async def close(self) -> None:
        """Let everything that waits be written."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _drain(self, key: K) -> None:
        queue = self._queues[key]
        try:
            while batch := self._take(queue):
                await self._carry_out(key, batch)
        finally:
            # No await stands between the last look at the queue and here, so nothing is left behind.
            del self._queues[key], self._tasks[key]

    def _take(self, queue: deque[_Waiter[W, R]]) -> list[_Waiter[W, R]]:
        """The next wishes of one kind, without those whose waiters left."""
        batch: list[_Waiter[W, R]] = []
        while queue and len(batch) < self._largest:
            if queue[0].gone:
                queue.popleft()
            elif not batch or self._kind(queue[0].wish) == self._kind(batch[0].wish):
                batch.append(queue.popleft())
            else:
                break
        return batch

    async def _carry_out(self, key: K, batch: Sequence[_Waiter[W, R]]) -> None:
        try:
            results = await self._commit(key, [waiter.wish for waiter in batch])
            assert len(results) == len(batch), "every wish has a result"
        except Exception as fault:
            if len(batch) == 1 or isinstance(fault, DatabaseAway):
                _fail(batch, fault)
            else:
                await self._one_by_one(key, batch)
            return
        for waiter, result in zip(batch, results, strict=True):
            await self._answer(key, waiter, result)

    async def _one_by_one(self, key: K, batch: Sequence[_Waiter[W, R]]) -> None:
        """One wish spoiled the batch: each gets a transaction of its own, so that only that one fails."""
        for waiter in batch:
            if not waiter.gone:
                await self._carry_out(key, [waiter])

    async def _answer(self, key: K, waiter: _Waiter[W, R], result: R) -> None:
        if not waiter.gone:
            waiter.answer.set_result(result)
        elif self._release is not None:
            await self._undo(self._release, key, result)

    async def _undo(self, release: Callable[[K, R], Awaitable[None]], key: K, result: R) -> None:
        try:
            await release(key, result)
        except Exception as fault:
            # What nobody took ends by itself when its time is over; those behind must not wait for it.
            self._log.warning("unwanted_result_not_released", exc_info=fault)


def _fail(batch: Sequence[_Waiter[W, R]], fault: Exception) -> None:
    for waiter in batch:
        if not waiter.gone:
            waiter.answer.set_exception(fault)
