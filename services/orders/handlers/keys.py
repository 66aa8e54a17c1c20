"""Requests that may come twice: what a key stands for, in the words of this service's problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from chassis.decision import Refused
from chassis.idempotency import KeyTaken, Remembered, recall
from chassis.work import Work
from contracts.actors import Actor

T = TypeVar("T")
REUSED = Refused("idempotency-key-reused")
MISSING = Refused("idempotency-key-missing")


async def carried_out_once(key: str | None, attempt: Callable[[str], Awaitable[T | Refused]]) -> T | Refused:
    """Try again where the same key was taken meanwhile; taken by another kind of request it is refused."""
    if key is None:
        return MISSING
    for _ in range(2):
        try:
            return await attempt(key)
        except KeyTaken:
            continue
    return REUSED


async def order_of_key(tx: Work, actor: Actor, key: str, body_hash: str) -> UUID | Refused | None:
    """The order that a key of this actor stands for, None where it is new; idempotency-key-reused."""
    known = await recall(tx, actor.id, key, body_hash)
    if isinstance(known, Refused):
        return REUSED
    if isinstance(known, Remembered):
        assert known.outcome is not None, "keys are kept here with the order they made"
        return known.outcome
    return None
