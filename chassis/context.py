"""What whoever runs inside a request or message can ask for: its trail, and who calls for which purposes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

from contracts.actors import Actor

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
WELL_FORMED_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Trail:
    """Where work came from: a request id (8 to 64 of A-Za-z0-9_-) and the W3C trace context, if one came."""

    request_id: str
    traceparent: str | None = None


_TRAIL: ContextVar[Trail | None] = ContextVar("avondkassa_trail", default=None)


def current() -> Trail | None:
    """The trail of the work that runs now, or None where nothing began it."""
    return _TRAIL.get()


def trail() -> Trail:
    """The trail of the work that runs now; a fresh one where nothing began it."""
    return _TRAIL.get() or Trail(uuid4().hex)


def trail_from(request_id: str | None, traceparent: str | None) -> Trail:
    """A trail from what a stranger sent: malformed values are replaced or dropped, never passed on."""
    known = request_id is not None and WELL_FORMED_ID.fullmatch(request_id)
    traced = traceparent is not None and WELL_FORMED_TRACE.fullmatch(traceparent)
    return Trail(request_id if known and request_id else uuid4().hex, traceparent if traced else None)


@contextmanager
def on_trail(step: Trail) -> Iterator[Trail]:
    """Everything inside belongs to this trail, its lines in the log too."""
    token = _TRAIL.set(step)
    try:
        yield step
    finally:
        _TRAIL.reset(token)


_CALLER: ContextVar[tuple[Actor, frozenset[str]] | None] = ContextVar("avondkassa_caller", default=None)


@contextmanager
def calling(actor: Actor, purposes: frozenset[str]) -> Iterator[None]:
    """Everything that this actor does inside is for these purposes: those of the route that let them in."""
    token = _CALLER.set((actor, purposes))
    try:
        yield
    finally:
        _CALLER.reset(token)


def is_beyond(actor: Actor, purpose: str) -> bool:
    """Whether this actor came in by a route that serves other purposes (W-11).

    It binds who calls. What the house does about it afterwards it does as itself, and a task that was begun
    here and goes on for others acts for them.
    """
    caller = _CALLER.get()
    return caller is not None and caller[0] == actor and purpose not in caller[1]
