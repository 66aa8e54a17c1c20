"""Group commit: what waits is written together, and whoever leaves takes no place with them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from chassis.faults import DatabaseAway
from chassis.writers import Writers

EVENT, OTHER = UUID(int=1), UUID(int=2)


class Paper:
    """Where a writer writes: remembers batches, waits at a gate, fails on what it is told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.released: list[int] = []
        self.spoiled: set[int] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self.away = False

    async def commit(self, _: UUID, batch: Sequence[int]) -> list[int]:
        await self.gate.wait()
        self.batches.append(list(batch))
        if self.away:
            raise DatabaseAway("gone")
        if self.spoiled & set(batch):
            raise ValueError("spoiled")
        return [wish * 10 for wish in batch]

    async def release(self, _: UUID, result: int) -> None:
        self.released.append(result)


def writers(paper: Paper, largest: int = 200) -> Writers[UUID, int, int]:
    return Writers(paper.commit, paper.release, lambda wish: wish >= 1000, largest)


async def test_what_waits_is_committed_together_in_order() -> None:
    paper = Paper()
    paper.gate.clear()
    desk = writers(paper, largest=4)
    asked = [asyncio.create_task(desk.submit(EVENT, wish)) for wish in range(1, 8)]
    await asyncio.sleep(0)
    paper.gate.set()
    assert await asyncio.gather(*asked) == [10, 20, 30, 40, 50, 60, 70]
    assert [wish for batch in paper.batches for wish in batch] == [1, 2, 3, 4, 5, 6, 7]
    assert max(len(batch) for batch in paper.batches) == 4
    await desk.close()


async def test_events_do_not_wait_for_each_other() -> None:
    paper = Paper()
    desk = writers(paper)
    assert await asyncio.gather(desk.submit(EVENT, 1), desk.submit(OTHER, 2)) == [10, 20]
    assert sorted(map(tuple, paper.batches)) == [(1,), (2,)]


async def test_kinds_do_not_share_a_transaction_and_keep_their_turn() -> None:
    paper = Paper()
    desk = writers(paper)
    await asyncio.gather(*(desk.submit(EVENT, wish) for wish in (1, 2, 1000, 1001, 3)))
    assert paper.batches == [[1, 2], [1000, 1001], [3]]


async def test_a_failed_batch_is_replayed_one_by_one() -> None:
    paper = Paper()
    paper.spoiled = {2}
    desk = writers(paper)
    results = await asyncio.gather(*(desk.submit(EVENT, wish) for wish in (1, 2, 3)), return_exceptions=True)
    assert (results[0], results[2]) == (10, 30)
    assert isinstance(results[1], ValueError)
    assert paper.batches == [[1, 2, 3], [1], [2], [3]]


async def test_a_database_that_is_away_is_not_asked_for_each() -> None:
    paper = Paper()
    paper.away = True
    desk = writers(paper)
    results = await asyncio.gather(*(desk.submit(EVENT, wish) for wish in (1, 2)), return_exceptions=True)
    assert all(isinstance(one, DatabaseAway) for one in results)
    assert paper.batches == [[1, 2]]


async def test_a_release_that_fails_holds_up_nobody() -> None:
    paper = Paper()
    paper.gate.clear()

    async def broken(_: UUID, __: int) -> None:
        raise ValueError("cannot be released")

    desk: Writers[UUID, int, int] = Writers(paper.commit, broken, lambda _: 0)
    gone = asyncio.create_task(desk.submit(EVENT, 1))
    await asyncio.sleep(0.01)
    staying = asyncio.create_task(desk.submit(EVENT, 2))
    gone.cancel()
    await asyncio.sleep(0)
    paper.gate.set()
    assert await asyncio.wait_for(staying, 1) == 20


async def test_who_left_before_the_batch_is_dropped_and_after_it_released() -> None:
    paper = Paper()
    paper.gate.clear()
    desk = writers(paper)
    early = asyncio.create_task(desk.submit(EVENT, 1))
    await asyncio.sleep(0.01)
    waiting = asyncio.create_task(desk.submit(EVENT, 2))
    staying = asyncio.create_task(desk.submit(EVENT, 3))
    await asyncio.sleep(0.01)
    early.cancel()
    waiting.cancel()
    await asyncio.sleep(0)
    paper.gate.set()
    assert await staying == 30
    assert paper.batches == [[1], [3]]
    assert paper.released == [10]
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await desk.close()
