"""Where letters and tickets are made: one thread, which lets everything else on the machine go first."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
NICENESS = 5
"""Mail may trail while people buy: on a busy machine this thread gets about a quarter of a core."""


class Workroom:
    """One job after the other: more threads would only take turns with each other, and with who sells."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="workroom", initializer=_yield_to_others)

    async def make(self, work: Callable[[], T]) -> T:
        """Do something that computes, and wait for it without computing."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _yield_to_others() -> None:
    """Linux counts niceness by thread; what typst starts from here inherits it, and is one thread too.

    It is added to what the service was started with: only root may go back.
    """
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    thread = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, thread, min(os.getpriority(os.PRIO_PROCESS, thread) + NICENESS, 19))
