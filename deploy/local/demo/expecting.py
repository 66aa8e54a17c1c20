"""What must hold, in plain sentences, and waiting for what takes a moment."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """Seconds: how long a request is repeated that nobody answers, how long news may take to arrive, and how
    long to rest between two looks."""

    answer: float = 20.0
    news: float = 30.0
    rest: float = 0.1


class Unmet(Exception):
    """An expectation that does not hold; the message is the sentence that should have been true."""


def expect(holds: object, sentence: str) -> None:
    """Raises Unmet with the sentence where it does not hold."""
    if not holds:
        raise Unmet(sentence)


async def until(
    look: Callable[[], Awaitable[T | None]], sentence: str, patience: Patience, later: float = 0.0
) -> T:
    """Look again and again until something is found; Unmet with the sentence when the time is over.

    `later` is in seconds: what is agreed to happen only then.
    """
    seconds = patience.news + later
    last = time.monotonic() + seconds
    while True:
        found = await look()
        if found is not None:
            return found
        if time.monotonic() >= last:
            raise Unmet(f"{sentence}, within {seconds:g} s")
        await asyncio.sleep(patience.rest)
