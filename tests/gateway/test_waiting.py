"""Rules of the waiting room, with whatever crowd may come."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.waiting import (
    Limits,
    Room,
    ask_again_in,
    call,
    in_minutes,
    let_in,
    may_call,
    opened,
    seconds_until,
    take_draw,
)
from services.gateway.domain.waiting_draw import commitment, drawn, lot
from services.gateway.domain.waiting_rate import Seen, adjusted
from services.gateway.domain.waiting_ticket import Ticket
from services.gateway.neighbours.pulse import Pulse
from tests.gateway.plausible import house

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMITS = Limits.of(house()["waiting_room"])


def room(**facts: object) -> Room:
    return replace(opened(uuid4(), NOW - SECOND, NOW), **facts)


@pytest.mark.requirement("F-73")
def test_in_quiet_times_everybody_goes_in_at_once_and_no_place_is_given() -> None:
    quiet = room().counted(NOW, LIMITS.floor)
    after, going = let_in(quiet, LIMITS.choosing, 20)
    assert (going, after.places, after.waiting) == (20, 0, 0)


@pytest.mark.requirement("F-73")
@given(waiting=st.integers(1, 1000), wishes=st.integers(1, 50))
def test_nobody_goes_in_before_those_who_wait(waiting: int, wishes: int) -> None:
    busy = room(places=waiting, credit=500.0)
    after, going = let_in(busy, 500, wishes)
    assert going == 0
    assert after.places == waiting + wishes


@pytest.mark.requirement("F-73")
def test_before_the_sale_nobody_goes_in_and_no_place_is_given_before_the_draw() -> None:
    early = opened(uuid4(), NOW + SECOND, NOW)
    after, going = let_in(early, 500, 3)
    assert (going, after.places, may_call(after, 500)) == (0, 0, 0)
    begun = take_draw(after.counted(NOW + SECOND, 5.0), 3)
    assert (begun.waiting, begun.ahead(1), begun.ahead(3)) == (3, 0, 2)
    assert may_call(begun, 500) == 1, "what came before the sale is no credit for it"


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(("come", "call", "leave", "finish", "rest")), st.integers(0, 12)), max_size=60
)


@pytest.mark.requirement("F-73")
@given(early=st.integers(0, 15), steps=STEPS, rate=st.floats(0.2, 8.0), choosing=st.integers(1, 6))
def test_a_crowd_goes_in_by_order_of_place_within_the_limits_and_to_the_last(
    early: int, steps: list[Step], rate: float, choosing: int
) -> None:
    """A small model plays the tables: who stands where, who is inside; the rules decide everything else."""
    crowd = _Crowd(early, rate, choosing)
    for what, number in steps:
        crowd.play(what, number)
    came, began = len(crowd.went_in), crowd.now
    while crowd.standing:
        crowd.play("rest", 1)
        crowd.play("finish", choosing)
        crowd.play("call", 0)
        assert crowd.now - began < timedelta(minutes=20), "everybody is called some day"
    placed = [place for place in crowd.went_in if place is not None]
    assert placed == sorted(placed), "nobody overtakes"
    assert len(set(placed)) == len(placed)
    assert len(crowd.went_in) >= came
    elapsed = (crowd.now - NOW).total_seconds()
    assert len(crowd.went_in) <= 1 + max(1.0, rate * 2) + rate * elapsed, "no faster than the rate"


class _Crowd:
    def __init__(self, early: int, rate: float, choosing: int) -> None:
        self.now, self.rate, self.choosing = NOW, rate, choosing
        self.room = take_draw(opened(uuid4(), NOW, NOW), early)
        self.standing = list(range(1, early + 1))
        self.went_in: list[int | None] = []
        self.inside = 0

    def play(self, what: str, number: int) -> None:
        getattr(self, f"_{what}")(number)
        assert 0 <= self.inside <= self.choosing, "never more choose than may"
        assert self.room.credit >= -1e-9
        assert self.room.called <= self.room.places
        assert all(place > self.room.called for place in self.standing)

    def _come(self, number: int) -> None:
        before = self.room.counted(self.now, self.rate)
        self.room, going = let_in(before, self.choosing - self.inside, number)
        self.standing += range(before.places + 1, self.room.places + 1)
        self._go_in([None] * going)

    def _call(self, _: int) -> None:
        before = self.room.counted(self.now, self.rate)
        wanted = may_call(before, self.choosing - self.inside)
        called = self.standing[:wanted]
        self.room = call(before, wanted, called)
        del self.standing[:wanted]
        self._go_in(list(called))

    def _go_in(self, places: list[int | None]) -> None:
        self.went_in += places
        self.inside += len(places)

    def _leave(self, number: int) -> None:
        if self.standing:
            del self.standing[number % len(self.standing)]

    def _finish(self, number: int) -> None:
        self.inside = max(0, self.inside - number)

    def _rest(self, number: int) -> None:
        self.now += number * SECOND


@pytest.mark.requirement("F-73")
def test_the_draw_gives_every_order_equally_often() -> None:
    numbers = [UUID(int=n) for n in range(3)]
    orders = Counter(tuple(drawn(n.to_bytes(32, "big"), numbers)) for n in range(6000))
    assert set(orders) == set(permutations(numbers))
    # Chi square, five degrees of freedom: above 20.5 once in a thousand; these seeds are always the same.
    assert sum((count - 1000) ** 2 / 1000 for count in orders.values()) < 20.5


@pytest.mark.requirement("F-73")
@given(numbers=st.lists(st.uuids(), unique=True, max_size=30), seed=st.binary(min_size=32, max_size=32))
def test_the_draw_takes_everybody_once_and_no_heed_of_who_came_first(
    numbers: list[UUID], seed: bytes
) -> None:
    order = drawn(seed, numbers)
    assert sorted(order) == sorted(numbers)
    assert order == drawn(seed, reversed(numbers))
    assert [lot(seed, number) for number in order] == sorted(lot(seed, number) for number in numbers)


@pytest.mark.requirement("F-73")
def test_what_is_shown_before_the_draw_fits_one_seed_only() -> None:
    assert commitment(b"a" * 32) != commitment(b"b" * 32)
    assert len(commitment(b"a" * 32)) == 64
    assert b"a" * 32 not in bytes.fromhex(commitment(b"a" * 32))


@pytest.mark.requirement("F-73")
def test_the_waiting_time_is_measured_or_not_told() -> None:
    begun = room(places=100, paced_since=NOW)
    assert seconds_until(begun, 50, NOW + 60 * SECOND) is None, "nobody was called yet"
    called = call(begun.counted(NOW + 10 * SECOND, 2.0), 2, [1, 2])
    for _ in range(4):
        called = call(replace(called, credit=4.0), 4, [called.called + n for n in range(1, 5)])
    assert seconds_until(called, 50, NOW + SECOND) is None, "too short to tell"
    assert seconds_until(called, 18 + 18, NOW + 10 * SECOND) == pytest.approx(10.0), "18 in ten seconds"


@pytest.mark.requirement("F-73")
def test_the_pace_of_long_ago_is_forgotten() -> None:
    fast = room(places=9000, credit=500.0, paced_since=NOW, paced=3000.0, called=3000)
    now = NOW
    for _ in range(600):
        now += SECOND
        fast = call(fast.counted(now, 1.0), 1, [fast.called + 1])
    wait = seconds_until(fast, fast.called + 100, now)
    assert wait == pytest.approx(100, rel=0.15)


@given(st.floats(0, 20_000))
def test_a_waiting_time_is_rounded_up_as_people_say_it(seconds: float) -> None:
    minutes = in_minutes(seconds)
    assert minutes >= 1
    assert minutes * 60 >= seconds
    assert minutes - seconds / 60 <= (1 if minutes <= 10 else 5 if minutes <= 60 else 15)
    assert 3 <= ask_again_in(seconds) <= 20


@pytest.mark.requirement("F-73")
def test_the_rate_climbs_while_orders_answers_well_and_halves_when_it_does_not() -> None:
    well, late = Seen(100, 0, 5), Seen(100, 0, 30)
    assert adjusted(20.0, well, LIMITS) == 25.0
    assert adjusted(20.0, late, LIMITS) == 10.0
    assert adjusted(20.0, Seen(100, 10, 0), LIMITS) == 10.0
    assert adjusted(20.0, Seen(0, 0, 0, 3 * LIMITS.slow), LIMITS) == 10.0, "orders hangs"
    assert adjusted(20.0, Seen(3, 3, 0), LIMITS) == 10.0, "orders is away"
    assert adjusted(20.0, Seen(1, 1, 0), LIMITS) == 25.0, "one failure is chance"
    assert adjusted(20.0, Seen(0, 0, 0), LIMITS) == 25.0, "nobody asked"


@given(
    rate=st.floats(LIMITS.floor, LIMITS.ceiling),
    seen=st.builds(Seen, *[st.integers(0, 500)] * 3, st.timedeltas(timedelta(0), timedelta(seconds=20))),
)
def test_the_rate_stays_between_floor_and_ceiling(rate: float, seen: Seen) -> None:
    assert LIMITS.floor <= adjusted(rate, seen, LIMITS) <= LIMITS.ceiling


def test_a_question_that_hangs_breaks_off_or_comes_late_is_felt() -> None:
    pulse = Pulse(slow=timedelta(0))
    with pulse.beat():
        hanging = pulse.look()
    assert (hanging.answers, hanging.oldest > timedelta(0)) == (0, True)
    with pulse.beat() as beat:
        beat.failed = False
    with pytest.raises(TimeoutError), pulse.beat():
        raise TimeoutError
    seen = pulse.look()
    assert (seen.answers, seen.failed, seen.slow, seen.oldest) == (3, 2, 3, timedelta(0))
    assert pulse.look() == Seen(0, 0, 0)


@pytest.mark.parametrize(
    "wrong", [{"floor": 0}, {"floor": 9, "ceiling": 8}, {"choosing": 0}, {"turn_minutes": 0}]
)
def test_a_house_that_would_let_nobody_in_does_not_start(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="lets somebody in"):
        Limits.of(house()["waiting_room"] | wrong)


def test_a_ticket_waits_then_is_in_then_is_over() -> None:
    early = Ticket(b"", uuid4(), None, None, 0)
    assert early.state(NOW) == "early"
    assert replace(early, place=4).state(NOW) == "waiting"
    called = replace(early, place=4, until=NOW + SECOND)
    assert [called.state(NOW), called.state(NOW + SECOND)] == ["in", "over"]
