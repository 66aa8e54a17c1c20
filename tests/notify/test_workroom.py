"""The thread in which mail is made lets others go first, and does one thing after the other."""

from __future__ import annotations

import asyncio
import os
import threading

from services.notify.workroom import NICENESS, Workroom


async def test_it_yields_to_its_own_service_too() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert await Workroom().make(niceness) == min(niceness() + NICENESS, 19)


async def test_it_does_one_thing_after_the_other_whatever_fails() -> None:
    room, done = Workroom(), []

    def fail() -> None:
        raise KeyError

    fates = await asyncio.gather(
        room.make(lambda: done.append(1)), room.make(fail), room.make(lambda: done.append(2)),
        return_exceptions=True,
    )  # fmt: skip
    assert done == [1, 2]
    assert [type(fate) for fate in fates] == [type(None), KeyError, type(None)]
