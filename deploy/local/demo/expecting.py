"""What must hold, in plain sentences, and waiting for what takes a moment."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.1


class Unmet(Exception):
    """An expectation that does not hold; the message is the sentence that should have been true."""


def expect(holds: object, sentence: str) -> None:
    """Raises Unmet with the sentence where it does not hold."""
    if not holds:
        raise Unmet(sentence)


async def until(look: Callable[[], Awaitable[T | None]], sentence: str, seconds: float) -> T:
    """Look again and again until something is found; Unmet with the sentence when the time is over."""
    last = time.monotonic() + seconds
    while True:
        found = await look()
        if found is not None:
            return found
        if time.monotonic() >= last:
            raise Unmet(f"{sentence}, within {seconds:g} s")
        await asyncio.sleep(PAUSE)
