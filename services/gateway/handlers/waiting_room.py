"""The waiting rooms of all events: in at once where there is room, else in line, and called in turn (F-73).

Rooms and tickets stand in the database, so a restart forgets nobody and several gateways share each room.
Whoever changes a room holds its row's lock; what comes at the same moment shares one lock and one commit.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from chassis.clock import Clock
from chassis.sealing import Seal
from chassis.work import Work, Workplace
from chassis.writers import Writers
from contracts.actors import SYSTEM
from services.gateway.domain.session import Session
from services.gateway.domain.waiting import Limits, Room, call, let_in, may_call, opened, take_draw
from services.gateway.domain.waiting_draw import Draw, commitment, drawn
from services.gateway.domain.waiting_rate import adjusted
from services.gateway.domain.waiting_ticket import Ticket
from services.gateway.neighbours.pulse import Pulse
from services.gateway.store import waiting
from services.gateway.store.waiting import Entry

PURPOSE = "order_guidance"


@dataclass(frozen=True)
class _Wish:
    session: Session
    opens_at: datetime


class WaitingRooms:
    """All rooms, as this gateway sees and moves them."""

    def __init__(self, work: Workplace, clock: Clock, seal: Seal, limits: Limits, pulse: Pulse) -> None:
        self.limits = limits
        self._work = work
        self._clock = clock
        self._seal = seal
        self._pulse = pulse
        self._rate = limits.ceiling / 4
        self._door: Writers[UUID, _Wish, Ticket] = Writers(self._enter, largest=500)
        self._rooms: Mapping[UUID, Room] = {}
        self._chosen: dict[UUID, set[bytes]] = {}

    async def enter(self, event: UUID, opens_at: datetime, session: Session) -> Ticket:
        """The session's ticket for an event: the one it has, or a new one, in at once or last in line."""
        return await self._door.submit(event, _Wish(session, opens_at))

    async def ticket(self, event: UUID, session_hash: bytes) -> Ticket | None:
        """The ticket that a session has, or None."""
        found = await waiting.tickets(self._work.once(PURPOSE, SYSTEM), event, [session_hash])
        return found.get(session_hash)

    def busy(self, event: UUID) -> Room | None:
        """The room of an event where somebody waits or waited lately, as last seen; None in quiet times."""
        return self._rooms.get(event)

    def has_chosen(self, event: UUID, session: Session) -> None:
        """This session holds places: somebody else may choose. Written with the next batch."""
        self._chosen.setdefault(event, set()).add(session.id_hash)

    async def more_time(self, event: UUID, session_hash: bytes) -> Ticket | None:
        """The same turn again, from now; None where there is none or it was asked too often."""
        now, limits = self._clock.now(), self.limits
        sql = self._work.once(PURPOSE, SYSTEM)
        return await waiting.extend(sql, event, session_hash, now, now + limits.turn, limits.extensions)

    async def leave(self, event: UUID, session_hash: bytes) -> None:
        """Give place or turn back."""
        await waiting.leave(self._work.once(PURPOSE, SYSTEM), event, session_hash)

    async def draw(self, event: UUID) -> Draw | None:
        """What may be known of a draw now, or None where there is no room."""
        kept = await waiting.sealed_seed(self._work.once(PURPOSE, SYSTEM), event)
        if kept is None:
            return None
        held = kept["drawn_at"] is not None
        seed = self._seal.open(kept["seed"], _place(event)).hex() if held else None
        return Draw(kept["commitment"], kept["drawn_at"], seed)

    async def call_next(self) -> None:
        """Hold the draws that are due, and call as many as may come now."""
        self._rate = adjusted(self._rate, self._pulse.look(), self.limits)
        now = self._clock.now()
        found = await waiting.rooms(self._work.once(PURPOSE, SYSTEM), now - self.limits.turn)
        self._rooms = {room.event: room for room in found}
        for room in found:
            if room.waiting or (not room.drawn and now >= room.opens_at):
                await self._call(room.event)
        for event in list(self._chosen):
            async with self._work(PURPOSE, SYSTEM) as tx:
                await self._note_chosen(tx, event)

    async def _enter(self, event: UUID, wishes: Sequence[_Wish]) -> Sequence[Ticket]:
        newcomers = {wish.session.id_hash: wish for wish in wishes}
        known = await waiting.tickets(self._work.once(PURPOSE, SYSTEM), event, newcomers)
        for session_hash in self._standing(known):
            del newcomers[session_hash]
        if newcomers:
            async with self._work(PURPOSE, SYSTEM) as tx:
                given, room = await self._let_in(tx, event, newcomers)
            known |= given
            self._see(room)
        return [known[wish.session.id_hash] for wish in wishes]

    async def _let_in(
        self, tx: Work, event: UUID, wishes: Mapping[bytes, _Wish]
    ) -> tuple[dict[bytes, Ticket], Room]:
        """Tickets for those who have none; another gateway may just have given some of them theirs."""
        room = await self._locked(tx, event, next(iter(wishes.values())).opens_at)
        known = await waiting.tickets(tx, event, wishes)
        standing = set(self._standing(known))
        fresh = [wish for session_hash, wish in wishes.items() if session_hash not in standing]
        room, going = let_in(room, await self._free(tx, event), len(fresh))
        entries = list(_entries(room, fresh, going, tx.now + self.limits.turn))
        await waiting.add(tx, event, entries, tx.now, max(tx.now, room.opens_at) + waiting.KEPT)
        await waiting.save(tx, room)
        return known | {
            entry.session_hash: Ticket(entry.session_hash, entry.number, entry.place, entry.until, 0)
            for entry in entries
        }, room

    async def _call(self, event: UUID) -> None:
        async with self._work(PURPOSE, SYSTEM) as tx:
            room = await self._locked(tx, event, None)
            wanted = may_call(room, await self._free(tx, event))
            if wanted:
                standing = await waiting.next_places(tx, event, room.called, wanted)
                await waiting.begin_turns(tx, event, standing, tx.now + self.limits.turn)
                room = call(room, wanted, standing)
            await waiting.save(tx, room)
        self._see(room)

    def _see(self, room: Room) -> None:
        """Remember a room as it was just kept, unless it is quiet."""
        if room.waiting or not room.drawn:
            self._rooms = {**self._rooms, room.event: room}

    async def _locked(self, tx: Work, event: UUID, opens_at: datetime | None) -> Room:
        """The room as it is counted now, its draw held where it is due; opened where nobody was before."""
        room = await waiting.locked(tx, event)
        if room is None:
            assert opens_at is not None, "only a room that exists is called"
            seed = secrets.token_bytes(32)
            sealed = self._seal.seal(seed, _place(event))
            await waiting.open_room(tx, opened(event, opens_at, tx.now), sealed, commitment(seed))
            room = await waiting.locked(tx, event)
            assert room is not None, "it was opened just now"
        if opens_at is not None and not room.drawn:
            room = replace(room, opens_at=opens_at)
        room = room.counted(tx.now, self._rate)
        return await self._draw(tx, room) if not room.drawn and tx.now >= room.opens_at else room

    async def _draw(self, tx: Work, room: Room) -> Room:
        kept = await waiting.sealed_seed(tx, room.event)
        assert kept is not None, "the room is locked, so it is there"
        seed = self._seal.open(kept["seed"], _place(room.event))
        order = drawn(seed, await waiting.early(tx, room.event))
        await waiting.give_places(tx, room.event, order)
        return take_draw(room, len(order))

    async def _free(self, tx: Work, event: UUID) -> int:
        """How many more may choose now."""
        await self._note_chosen(tx, event)
        return self.limits.choosing - await waiting.choosing(tx, event, tx.now)

    async def _note_chosen(self, tx: Work, event: UUID) -> None:
        chosen = self._chosen.pop(event, None)
        if chosen:
            await waiting.have_chosen(tx, event, chosen)

    def _standing(self, known: Mapping[bytes, Ticket]) -> Iterator[bytes]:
        """Those whose ticket still counts."""
        now = self._clock.now()
        return (session_hash for session_hash, ticket in known.items() if ticket.state(now) != "over")


def _entries(room: Room, fresh: Sequence[_Wish], going: int, until: datetime) -> Iterator[Entry]:
    """The first of the newcomers go in, the others get the room's last places, or wait for the draw."""
    last_before = room.places - (len(fresh) - going)
    for number, wish in enumerate(fresh, 1):
        goes = number <= going
        place = None if goes or not room.drawn else last_before + number - going
        session = wish.session
        yield Entry(session.id_hash, session.subject, uuid4(), place, until if goes else None)


def _place(event: UUID) -> str:
    return f"waiting_room/{event}"
