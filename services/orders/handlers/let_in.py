"""One batch of scans at the doors of an event: let in, noted, looked at and told in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.context import Trail
from chassis.together import Eyes, Looker, Together, together
from chassis.work import Workplace
from contracts.orders.events import AttendeeAdmittedV1
from services.orders.domain.door import once
from services.orders.domain.season import day_in
from services.orders.store import orders, tickets
from services.orders.store.tickets import TicketRow

QUEUES = 2
"""While the scans of one queue are written, those of the other are gathered."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Where the scans of an event wait; all scans of one ticket wait in the same one."""

    event: UUID
    number: int

    @staticmethod
    def of(event: UUID, ticket: UUID) -> Queue:
        """The queue of a ticket."""
        return Queue(event, ticket.int % QUEUES)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A genuine code that waits for its batch: whose ticket, who scanned it, whose request it is."""

    ticket: UUID
    looker: Looker
    step: Trail
    time_zone: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a scan: whether it let in, and the ticket as it stands, or None where there is none."""

    admitted: bool
    ticket: TicketRow | None


class LetIn:
    """Commits batches of scans. Each steward leaves an entry for each holder they saw."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def commit(self, queue: Queue, batch: Sequence[Scanned]) -> list[Tried]:
        """One transaction for all; of two scans of one ticket the first lets in."""
        event = queue.event
        async with together(self._work, "door_admission", [one.looker for one in batch]) as tx:
            found = await tickets.admit(tx, event, {one.ticket for one in batch}, tx.now)
            first = once(one.ticket for one in batch)
            tried = [_tried(found, one, is_first) for one, is_first in zip(batch, first, strict=True)]
            for eye, one in zip(tx.eyes, tried, strict=True):
                _look(eye, one)
            await self._tell(tx, event, [pair for pair in zip(batch, tried, strict=True) if pair[1].admitted])
        return tried

    async def _tell(self, tx: Together, event: UUID, went: Sequence[tuple[Scanned, Tried]]) -> None:
        """Who came is told once a day, unless they were forgotten meanwhile (G-41)."""
        came = _first_of_the_day(went, tx.now)
        if not came:
            return
        await orders.all_stay(tx, {holder for _, holder, _ in came.values()})
        known = await orders.owners(tx, came)
        for order, (scan, holder, day) in came.items():
            if known.get(order) == holder:
                await tx.announce(AttendeeAdmittedV1(subject=holder, event=event, day=day), scan.step)


def _first_of_the_day(
    went: Sequence[tuple[Scanned, Tried]], now: datetime
) -> dict[UUID, tuple[Scanned, UUID, date]]:
    """By order whose news it is that somebody came: a party of four was there that day, not four times."""
    came: dict[UUID, tuple[Scanned, UUID, date]] = {}
    for scan, one in went:
        ticket = one.ticket
        if ticket is None or ticket.holder is None or ticket.order in came:
            continue
        day, last = day_in(scan.time_zone, now), ticket.last_of_order
        if last is None or day_in(scan.time_zone, last) != day:
            came[ticket.order] = scan, ticket.holder, day
    return came


def _tried(found: Mapping[UUID, tuple[bool, TicketRow]], scan: Scanned, is_first: bool) -> Tried:
    if scan.ticket not in found:
        return Tried(admitted=False, ticket=None)
    went, row = found[scan.ticket]
    return Tried(went and is_first, row)


def _look(eye: Eyes, tried: Tried) -> None:
    """Nobody stands behind a ticket of the counter, nor behind one that does not exist."""
    holder = tried.ticket.holder if tried.ticket else None
    if holder is None:
        eye.saw_nobody()
    else:
        eye.saw([holder])
