"""One transaction in which several look at people, each in their own name (G-71).

A batch of scans at the doors shares one commit, and still every look leaves an entry of its own: of who
looked, with their reason, written as that actor. Whoever says nothing about what they saw takes all back.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.access import SALT_BYTES, Entry, Limits, Sight, inserts, is_watched
from chassis.charter import Charter
from chassis.reason import Reason
from chassis.work import Work, Workplace, acting
from contracts.actors import SYSTEM, Actor
from contracts.looks import LookKind


@dataclass(frozen=True, slots=True)
class Looker:
    """Who acts in a shared transaction, and why they look."""

    actor: Actor
    reason: Reason | None


class Eyes:
    """What one of several sees: said once for each of them, or the transaction does not end."""

    def __init__(self, looker: Looker, *, watched: bool) -> None:
        self._looker = looker
        self._sight = Sight(watched)

    def saw(self, subjects: Iterable[UUID]) -> None:
        """They saw one person; empty where they looked for somebody who is not there. ValueError without a
        reason."""
        if self._sight.watched:
            if self._looker.reason is None:
                raise ValueError("somebody looks at a person and gives no reason")
            self._sight.add(LookKind.ONE, subjects)

    def saw_nobody(self) -> None:
        """Nothing in this transaction told them anything about anybody."""
        self._sight.said = True

    def entry(self, now: datetime, purpose: str) -> Entry | None:
        """What is to be kept of it; LookUnsaid where nothing was said."""
        return self._sight.entry(uuid4(), now, purpose, self._looker.actor, self._looker.reason)


class Together(Work):
    """A transaction for one purpose that several share. Whom they saw is said through their `eyes`."""

    def __init__(
        self, connection: Any, charter: Charter, purpose: str, lookers: Sequence[Looker], now: datetime
    ) -> None:
        super().__init__(connection, charter, purpose, SYSTEM, None, now, Limits())
        actors = {looker.actor for looker in lookers}
        watched = {actor: is_watched(charter, purpose, actor) for actor in actors}
        self.eyes = tuple(Eyes(looker, watched=watched[looker.actor]) for looker in lookers)

    def saw(self, subjects: Iterable[UUID]) -> None:  # noqa: ARG002 - refused, whoever it is
        """ValueError: several look here, so it is said through the eyes of one of them."""
        raise ValueError("several look in this transaction: say through whose eyes")

    def ending(self) -> str:
        """COMMIT, with what is kept of each look, as whoever looked; LookUnsaid where one said nothing."""
        seen: dict[UUID, list[tuple[Entry, bytes]]] = {}
        for eye in self.eyes:
            entry = eye.entry(self.now, self.purpose)
            if entry is not None:
                seen.setdefault(entry.actor, []).append((entry, secrets.token_bytes(SALT_BYTES)))
        written = [f"{acting(actor)}; {inserts(entries)}" for actor, entries in seen.items()]
        return "; ".join((*written, "COMMIT"))


@asynccontextmanager
async def together(work: Workplace, purpose: str, lookers: Sequence[Looker]) -> AsyncIterator[Together]:
    """One transaction for a purpose that these share; PurposeRefused where one of them is barred."""

    def made(connection: Any, charter: Charter, now: datetime, _: Limits) -> Together:
        return Together(connection, charter, purpose, lookers, now)

    async with work.together(purpose, [looker.actor for looker in lookers], made) as tx:
        yield tx
