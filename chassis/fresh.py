"""Values as they were a moment ago, for what many requests show and few change."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chassis.clock import Clock

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
LARGEST = 500


class Fresh(Generic[K, V]):
    """Reads a value again once it is older than `fresh_for`: one reading at a time, however many ask.

    It holds what was read last, up to a number of keys. What `read` raises goes to all who waited for it.
    """

    def __init__(
        self, read: Callable[[K], Awaitable[V]], clock: Clock, fresh_for: timedelta, largest: int = LARGEST
    ) -> None:
        self._read = read
        self._clock = clock
        self._fresh_for = fresh_for
        self._largest = largest
        self._known: OrderedDict[K, tuple[V, datetime]] = OrderedDict()
        self._reading: dict[K, asyncio.Task[V]] = {}

    async def get(self, key: K) -> V:
        """The value, not older than it may be."""
        known = self._known.get(key)
        if known is not None and self._clock.now() - known[1] < self._fresh_for:
            return known[0]
        reading = self._reading.get(key)
        if reading is None:
            reading = self._reading[key] = asyncio.create_task(self._anew(key))
        # Whoever leaves does not take the others' reading along.
        return await asyncio.shield(reading)

    def forget(self, key: K) -> None:
        """The value is known to be another one now: who asks next reads it again."""
        self._known.pop(key, None)
        self._reading.pop(key, None)

    async def _anew(self, key: K) -> V:
        began = self._clock.now()
        mine = asyncio.current_task()
        try:
            value = await self._read(key)
        finally:
            # Whoever was told to forget meanwhile may be reading again already.
            current = self._reading.get(key) is mine
            if current:
                del self._reading[key]
        if current:
            self._remember(key, value, began)
        return value

    def _remember(self, key: K, value: V, began: datetime) -> None:
        self._known[key] = (value, began)
        self._known.move_to_end(key)
        while len(self._known) > self._largest:
            self._known.popitem(last=False)
