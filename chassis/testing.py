"""What tests need: a clock that is set by hand, events as they arrive, a whole service in a loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from chassis.clock import Clock
from chassis.heard import Heard
from chassis.process import Process
from chassis.service import Service
from chassis.settings import Settings
from contracts.envelope import Event

S = TypeVar("S", bound=Settings)
E = TypeVar("E", bound=Event)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another instant."""
        self._at = at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Go forward, or back."""
        self._at += by


def heard(event: E, at: datetime) -> Heard[E]:
    """An event as if it had just arrived, with a fresh id: for direct calls of a handler."""
    return Heard(event, uuid4(), event.topic, at, uuid4().hex)


@asynccontextmanager
async def running(
    compose: Callable[[S, Clock], Service], settings: S, clock: Clock
) -> AsyncIterator[tuple[Service, Process]]:
    """A whole service inside the test's loop, stopped at the end; settings with port 0 take a free one."""
    service = compose(settings, clock)
    process = Process(service, settings, clock)
    await process.start()
    try:
        yield service, process
    finally:
        await process.stop()
