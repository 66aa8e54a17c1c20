"""What comes at the same moment is done together: one task per key takes what waits, as one batch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

W = TypeVar("W")
R = TypeVar("R")
LARGEST = 500


class Gathering(Generic[W, R]):
    """Batches by key, in order of arrival. `commit` gives a result per wish, or fails for all of a batch."""

    def __init__(self, commit: Callable[[UUID, Sequence[W]], Awaitable[Sequence[R]]]) -> None:
        self._commit = commit
        self._waiting: dict[UUID, list[tuple[W, asyncio.Future[R]]]] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    async def submit(self, key: UUID, wish: W) -> R:
        """Wait for the batch that carries this wish out; raises what its commit raised."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append((wish, answer))
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._drain(key), name=f"gathering {key}")
        return await answer

    async def _drain(self, key: UUID) -> None:
        waiting = self._waiting[key]
        try:
            while waiting:
                batch = waiting[:LARGEST]
                del waiting[:LARGEST]
                await self._carry_out(key, batch)
        finally:
            # No await stands between the last look and here, so nobody is left behind.
            del self._waiting[key], self._tasks[key]

    async def _carry_out(self, key: UUID, batch: Sequence[tuple[W, asyncio.Future[R]]]) -> None:
        try:
            results = await self._commit(key, [wish for wish, _ in batch])
        except Exception as fault:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(fault)
            return
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():
                answer.set_result(result)
