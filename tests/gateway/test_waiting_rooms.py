"""Waiting rooms on a real PostgreSQL: crowds, restarts, two gateways, turns that nobody takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.sealing import Seal
from chassis.testing import SetClock
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.gateway.domain.session import Session, guest, hashed
from services.gateway.domain.waiting import Limits
from services.gateway.domain.waiting_draw import commitment, lot
from services.gateway.domain.waiting_ticket import Ticket
from services.gateway.handlers.waiting_room import WaitingRooms
from services.gateway.neighbours.pulse import Pulse
from services.gateway.store import waiting
from tests.gateway.conftest import Premises
from tests.gateway.plausible import house

SECOND = timedelta(seconds=1)
SEAL = Seal(b"s" * 32)
LIMITS = replace(Limits.of(house()["waiting_room"]), floor=1.0, ceiling=4.0, choosing=3)
SLOW = replace(LIMITS, floor=0.001, ceiling=0.001, choosing=100)
Rooms = Callable[..., WaitingRooms]


@pytest.fixture
def rooms(workplaces: Callable[[], Workplace], clock: SetClock) -> Rooms:
    def another(limits: Limits = LIMITS) -> WaitingRooms:
        return WaitingRooms(workplaces(), clock, SEAL, limits, Pulse(limits.slow))

    return another


@pytest.fixture
def event() -> UUID:
    return uuid4()


def visitor(clock: SetClock) -> Session:
    return guest(hashed(uuid4().hex), uuid4(), clock.now())


class Crowd:
    """People at one event, by the room that they stand in front of."""

    def __init__(self, clock: SetClock, event: UUID, opens_at: datetime) -> None:
        self.clock, self.event, self.opens_at = clock, event, opens_at

    async def come(self, room: WaitingRooms, people: int) -> list[tuple[Session, Ticket]]:
        sessions = [visitor(self.clock) for _ in range(people)]
        tickets = await asyncio.gather(
            *(room.enter(self.event, self.opens_at, session) for session in sessions)
        )
        return list(zip(sessions, tickets, strict=True))

    async def look(self, room: WaitingRooms, session: Session) -> Ticket:
        ticket = await room.ticket(self.event, session.id_hash)
        assert ticket is not None
        return ticket

    async def states(self, room: WaitingRooms, people: list[tuple[Session, Ticket]]) -> list[str]:
        return [(await self.look(room, session)).state(self.clock.now()) for session, _ in people]


@pytest.fixture
def crowd(clock: SetClock, event: UUID) -> Crowd:
    return Crowd(clock, event, clock.now() - 60 * SECOND)


@pytest.mark.requirement("F-73")
async def test_in_quiet_times_everybody_is_in_at_once_and_nobody_is_called(
    rooms: Rooms, crowd: Crowd, clock: SetClock, event: UUID
) -> None:
    room = rooms()
    for _ in range(3):
        ((_, ticket),) = await crowd.come(room, 1)
        assert ticket.state(clock.now()) == "in"
        clock.move(SECOND)
    await room.call_next()
    assert room.busy(event) is None, "who only looks at the page of a quiet event reads no ticket"


@pytest.mark.requirement("F-73")
async def test_a_handful_at_once_is_no_crowd_even_at_an_event_that_nobody_saw_before(
    rooms: Rooms, crowd: Crowd, clock: SetClock
) -> None:
    people = await crowd.come(rooms(Limits.of(house()["waiting_room"])), 20)
    assert {ticket.state(clock.now()) for _, ticket in people} == {"in"}


@pytest.mark.requirement("F-73")
async def test_who_comes_later_stands_behind_and_never_more_choose_than_may(
    rooms: Rooms, crowd: Crowd, clock: SetClock, place: Premises, event: UUID
) -> None:
    room = rooms()
    first = await crowd.come(room, 5)
    second = await crowd.come(room, 5)
    people = first + second
    went: list[int] = []
    for _ in range(40):
        clock.move(SECOND)
        await room.call_next()
        states = await crowd.states(room, people)
        assert states == sorted(states), "in order of arrival: first those who are in, then those who wait"
        inside = [session for (session, _), state in zip(people, states, strict=True) if state == "in"]
        choosing = await place.look(
            "SELECT 1 FROM waiting_ticket WHERE NOT chosen AND turn_until > $1", clock.now()
        )
        assert len(choosing) <= LIMITS.choosing
        for session in inside:
            room.has_chosen(event, session)
        went.append(len(inside))
    assert went[0] < 10
    assert went[-1] == 10, "everybody was called"


@pytest.mark.requirement("F-73")
async def test_a_turn_that_nobody_takes_goes_to_the_next(rooms: Rooms, crowd: Crowd, clock: SetClock) -> None:
    room = rooms()
    people = await crowd.come(room, 8)
    for _ in range(10):
        clock.move(SECOND)
        await room.call_next()
    assert (await crowd.states(room, people)).count("in") == 3
    clock.move(LIMITS.turn)
    await room.call_next()
    clock.move(SECOND)
    await room.call_next()
    states = await crowd.states(room, people)
    assert states[:3] == ["over"] * 3
    assert states[3:6] == ["in"] * 3


@pytest.mark.requirement("F-73")
async def test_who_left_is_not_waited_for(rooms: Rooms, crowd: Crowd, clock: SetClock, event: UUID) -> None:
    room = rooms()
    people = await crowd.come(room, 6)
    waiting_ones = [session for session, ticket in people if ticket.place is not None]
    for session in waiting_ones[:-1]:
        await room.leave(event, session.id_hash)
    clock.move(SECOND)
    await room.call_next()
    assert (await crowd.look(room, waiting_ones[-1])).state(clock.now()) == "in"
    ticket = await room.enter(event, crowd.opens_at, waiting_ones[0])
    assert ticket.number not in {known.number for _, known in people}, "who comes back has a new ticket"


@pytest.mark.requirement("F-73")
async def test_tabs_and_copies_of_a_cookie_share_one_place(
    rooms: Rooms, crowd: Crowd, clock: SetClock, event: UUID
) -> None:
    room, other = rooms(SLOW), rooms(SLOW)
    await crowd.come(room, 3)
    session = visitor(clock)
    tickets = await asyncio.gather(
        *(one.enter(event, crowd.opens_at, session) for one in (room, other) for _ in range(20))
    )
    assert len({ticket.number for ticket in tickets}) == 1
    assert len({ticket.place for ticket in tickets}) == 1


@pytest.mark.requirement("F-73")
async def test_a_restart_forgets_nobody_and_two_gateways_share_a_room(
    rooms: Rooms, crowd: Crowd, clock: SetClock, event: UUID
) -> None:
    one, other = rooms(), rooms()
    waves = [await asyncio.gather(crowd.come(one, 4), crowd.come(other, 4)) for _ in range(6)]
    people = [person for wave in waves for half in wave for person in half]
    places = [ticket.place for _, ticket in people if ticket.place is not None]
    assert sorted(places) == list(range(1, len(places) + 1)), "no place twice, whoever gave it"
    again = rooms()
    for session, ticket in people:
        assert await again.ticket(event, session.id_hash) == ticket
    clock.move(2 * SECOND)
    await asyncio.gather(one.call_next(), other.call_next(), again.call_next())
    assert (await crowd.states(again, people)).count("in") <= LIMITS.choosing


@pytest.mark.requirement("F-73")
async def test_early_arrivals_are_drawn_later_ones_stand_behind_them(
    rooms: Rooms, clock: SetClock, event: UUID, place: Premises
) -> None:
    room = rooms(SLOW)
    crowd = Crowd(clock, event, clock.now() + 60 * SECOND)
    early = await crowd.come(room, 40)
    assert {ticket.state(clock.now()) for _, ticket in early} == {"early"}
    await room.call_next()
    shown = await place.look("SELECT commitment, seed FROM waiting_room WHERE event_id = $1", event)
    clock.move(60 * SECOND)
    ((_, late),) = await crowd.come(room, 1)
    assert late.place == 41, "behind everybody who was early, even before the clock came by"
    drawn = [await crowd.look(room, session) for session, _ in early]
    places = [ticket.place or 0 for ticket in drawn]
    assert sorted(places) == list(range(1, 41))
    assert places != sorted(places), "who came first has no better lot"
    seed = SEAL.open(shown[0]["seed"], f"waiting_room/{event}")
    assert commitment(seed) == shown[0]["commitment"]
    by_lot = sorted(drawn, key=lambda ticket: lot(seed, ticket.number))
    assert [ticket.place for ticket in by_lot] == list(range(1, 41)), "anybody can work the draw out again"


@pytest.mark.requirement("F-73")
async def test_two_gateways_hold_one_draw(rooms: Rooms, clock: SetClock, event: UUID) -> None:
    one, other = rooms(SLOW), rooms(SLOW)
    crowd = Crowd(clock, event, clock.now() + 60 * SECOND)
    early = await crowd.come(one, 10) + await crowd.come(other, 10)
    clock.move(61 * SECOND)
    await asyncio.gather(one.call_next(), other.call_next())
    places = [(await crowd.look(one, session)).place for session, _ in early]
    assert sorted(place or 0 for place in places) == list(range(1, 21))


@pytest.mark.requirement("F-73")
async def test_a_turn_is_extended_on_request_ten_times_and_never_after_its_end(
    rooms: Rooms, crowd: Crowd, clock: SetClock, event: UUID
) -> None:
    room = rooms()
    ((session, ticket),) = await crowd.come(room, 1)
    for _ in range(LIMITS.extensions):
        clock.move(LIMITS.turn - SECOND)
        longer = await room.more_time(event, session.id_hash)
        assert longer is not None
        assert longer.until == clock.now() + LIMITS.turn
    assert await room.more_time(event, session.id_hash) is None
    clock.move(LIMITS.turn)
    assert await room.more_time(event, session.id_hash) is None
    assert (await crowd.look(room, session)).state(clock.now()) == "over"
    again = await room.enter(event, crowd.opens_at, session)
    assert again.number != ticket.number


@pytest.mark.requirement("F-73")
async def test_a_day_later_nothing_is_left_but_the_draw(
    rooms: Rooms, crowd: Crowd, clock: SetClock, place: Premises, workplaces: Callable[[], Any]
) -> None:
    await crowd.come(rooms(), 5)
    clock.move(waiting.KEPT)
    async with workplaces()("order_guidance", SYSTEM) as tx:
        assert await waiting.remove_expired(tx, tx.now) == 5
    assert await place.look("SELECT 1 FROM waiting_ticket") == []
    assert len(await place.look("SELECT 1 FROM waiting_room")) == 1
