"""A message that came from the bus, and what a service does with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from contracts.envelope import Event

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Heard(Generic[E]):
    """One event as it arrived: `id` is the envelope's id, `at` the time the speaker gave it (aware, UTC)."""

    event: E
    id: UUID
    topic: str
    at: datetime
    request_id: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One queue, `<service>.<topic>`: which event it brings, for which purpose it is handled, and by what.

    `together` takes several letters at once, all or none; without it they come one by one.
    """

    event: type[Event]
    purpose: str
    handle: Callable[[Heard[Any]], Awaitable[None]]
    together: Callable[[Sequence[Heard[Any]]], Awaitable[None]] | None = None
