"""What whoever runs inside a request or message can ask for: its trail, and who calls for which purposes."""

from __future__ import annotations

import re
import secrets
from contextlib import AbstractContextManager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Generic, TypeVar

from contracts.actors import Actor

V = TypeVar("V")
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
    return _TRAIL.get() or Trail(secrets.token_hex(16))


def trail_from(request_id: str | None, traceparent: str | None) -> Trail:
    """A trail from what a stranger sent: malformed values are replaced or dropped, never passed on."""
    known = request_id is not None and WELL_FORMED_ID.fullmatch(request_id)
    traced = traceparent is not None and WELL_FORMED_TRACE.fullmatch(traceparent)
    return Trail(
        request_id if known and request_id else secrets.token_hex(16), traceparent if traced else None
    )


class _Setting(Generic[V]):
    """Sets a variable for a block: every request passes two of these, and a generator would cost it more."""

    __slots__ = ("_token", "_value", "_variable")

    def __init__(self, variable: ContextVar[V], value: V) -> None:
        self._variable = variable
        self._value = value

    def __enter__(self) -> None:
        self._token: Token[V] = self._variable.set(self._value)

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)


def on_trail(step: Trail) -> AbstractContextManager[None]:
    """Everything inside belongs to this trail, its lines in the log too."""
    return _Setting(_TRAIL, step)


_CALLER: ContextVar[tuple[Actor, frozenset[str]] | None] = ContextVar("avondkassa_caller", default=None)


def calling(actor: Actor, purposes: frozenset[str]) -> AbstractContextManager[None]:
    """Everything that this actor does inside is for these purposes: those of the route that let them in."""
    return _Setting(_CALLER, (actor, purposes))


def is_beyond(actor: Actor, purpose: str) -> bool:
    """Whether this actor came in by a route that serves other purposes (W-11).

    It binds who calls. What the house does about it afterwards it does as itself, and a task that was begun
    here and goes on for others acts for them.
    """
    caller = _CALLER.get()
    return caller is not None and caller[0] == actor and purpose not in caller[1]
