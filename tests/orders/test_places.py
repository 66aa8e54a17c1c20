"""Who gets which places: pure decisions, and a long life of a hall in which nothing is sold twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.decision import Accepted, Refused
from services.orders.domain.checkout import (
    Asked,
    Found,
    KeptPlaces,
    PaymentTimes,
    decide_placements,
    decide_release,
)
from services.orders.domain.payment import decide_new_try, settle
from services.orders.domain.places import Line, PriceTerms, Stock, Terms, Wish, decide_all
from services.orders.domain.season import Times
from services.orders.domain.states import HOLD, move

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
SEAT, STANDING = UUID(int=1), UUID(int=2)
PAYMENT_TIMES = PaymentTimes(timedelta(minutes=15), timedelta(minutes=2), timedelta(hours=1))
# Few, so that wishes meet.
SEATS = tuple(UUID(int=100 + number) for number in range(3))


def terms(now: datetime = NOW, largest: int = 4) -> Terms:
    """An event that is on sale, with a price for each kind of place."""
    times = Times(now - timedelta(days=1), now + timedelta(days=900), now + timedelta(days=901))
    prices = {
        SEAT: PriceTerms(SEAT, "seat", 2450, 600),
        STANDING: PriceTerms(STANDING, "standing", 1200, 2100),
    }
    return Terms(times, timedelta(minutes=10), largest, prices)


def wish(*seats: UUID, standing: int = 0, hold: UUID | None = None) -> Wish:
    """Seats and standing places at their own prices."""
    more = ((STANDING, standing),) if standing else ()
    return Wish(hold or uuid4(), "online", seats, SEAT if seats else None, more)


def stock(standing: int = 5, free: Sequence[UUID] = SEATS) -> Stock:
    return Stock(frozenset(SEATS), frozenset(free), standing)


def test_the_first_of_a_batch_gets_the_seat() -> None:
    first, second, third = decide_all(
        terms(), stock(), [wish(SEATS[0]), wish(SEATS[0], SEATS[1]), wish(SEATS[1])], NOW
    )
    assert isinstance(first, Accepted)
    assert first.value.lines == (Line(SEATS[0], SEAT, 2450, 600),)
    assert first.value.expires_at == NOW + timedelta(minutes=10)
    assert second == Refused("seat-taken", {"taken": 1, "wanted": 2})
    assert isinstance(third, Accepted)


def test_a_seat_named_twice_is_one_seat() -> None:
    (outcome,) = decide_all(terms(), stock(), [wish(SEATS[0], SEATS[0])], NOW)
    assert isinstance(outcome, Accepted)
    assert len(outcome.value.lines) == 1


def test_a_request_that_comes_twice_is_met_once() -> None:
    same = wish(standing=1)
    first, second = decide_all(terms(), stock(), [same, same], NOW)
    assert isinstance(first, Accepted)
    assert second == Refused("hold-repeated")
    assert decide_all(terms(), stock(), [same], NOW, {same.hold}) == [Refused("hold-repeated")]


WISHES = st.lists(
    st.tuples(st.lists(st.sampled_from(SEATS), max_size=3), st.integers(min_value=0, max_value=4)),
    max_size=12,
)


@given(WISHES, st.integers(min_value=0, max_value=8), st.sets(st.sampled_from(SEATS)))
def test_a_batch_never_gives_more_than_there_is(
    wanted: list[tuple[list[UUID], int]], standing: int, free: set[UUID]
) -> None:
    wishes = [wish(*seats, standing=count) for seats, count in wanted]
    outcomes = decide_all(terms(), stock(standing, tuple(free)), wishes, NOW)
    given_out = [line for one in outcomes if isinstance(one, Accepted) for line in one.value.lines]
    seats = [line.seat for line in given_out if line.seat]
    assert len(outcomes) == len(wishes)
    assert len(seats) == len(set(seats))
    assert set(seats) <= free
    assert len(given_out) - len(seats) <= standing


class Hall(RuleBasedStateMachine):
    """A hall over time: holds, orders, payments on time, late and twice, counter sales, expiry.

    The machine keeps what the tables keep, moves it only as the decisions say, and looks after each step
    whether a seat has two tickets, standing places are oversold, or a paid order has no tickets.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.holds: dict[UUID, KeptPlaces] = {}
        self.orders: dict[UUID, str] = {}
        self.payments: list[tuple[UUID, str]] = []
        self.tickets: dict[UUID, tuple[Line, ...]] = {}
        self.given_back: list[int] = []
        self.capacity = 5
        self.made = 0

    @initialize(standing=st.integers(min_value=0, max_value=6))
    def open_doors(self, standing: int) -> None:
        self.capacity = standing

    def _next(self) -> UUID:
        """Ids in order, so that a run can be repeated."""
        self.made += 1
        return UUID(int=10_000 + self.made)

    def _lines(self) -> list[Line]:
        live = ("held", "ordered", "sold")
        return [line for kept in self.holds.values() if kept.state in live for line in kept.lines]

    def _expire(self) -> None:
        for hold, kept in self.holds.items():
            if kept.state in ("held", "ordered") and kept.expires_at <= self.now:
                self.holds[hold] = KeptPlaces("expired", kept.expires_at, kept.lines)

    def _stock(self) -> Stock:
        lines = self._lines()
        taken = {line.seat for line in lines if line.seat}
        standing = sum(line.seat is None for line in lines)
        return Stock(frozenset(SEATS), frozenset(SEATS) - taken, self.capacity - standing)

    @rule(
        wanted=st.lists(
            st.tuples(st.lists(st.sampled_from(SEATS), min_size=1, max_size=2), st.integers(0, 2)),
            min_size=1,
            max_size=3,
        )
    )
    def hold(self, wanted: list[tuple[list[UUID], int]]) -> None:
        self._expire()
        wishes = [wish(*seats, standing=count, hold=self._next()) for seats, count in wanted]
        for outcome in decide_all(terms(), self._stock(), wishes, self.now):
            if isinstance(outcome, Accepted):
                kept = outcome.value
                self.holds[kept.hold] = KeptPlaces("held", kept.expires_at, kept.lines)

    @rule(seat=st.sampled_from(SEATS))
    def sell_at_counter(self, seat: UUID) -> None:
        self._expire()
        (outcome,) = decide_all(terms(), self._stock(), [wish(seat, hold=self._next())], self.now)
        if isinstance(outcome, Accepted):
            kept = outcome.value
            self.holds[kept.hold] = KeptPlaces("sold", kept.expires_at, kept.lines)
            self.orders[kept.hold] = "paid"
            self.tickets[kept.hold] = kept.lines

    @rule(seat=st.sampled_from(SEATS), standing=st.integers(min_value=0, max_value=2))
    def order(self, seat: UUID, standing: int) -> None:
        """Hold and check out at once: what most buyers do."""
        before = set(self.holds)
        self.hold([([seat], standing)])
        for hold in set(self.holds) - before:
            self._place(hold)

    @rule(data=st.data())
    def place(self, data: st.DataObject) -> None:
        hold = self._one_of(data, {hold for hold, kept in self.holds.items() if kept.state == "held"})
        if hold is not None:
            self._place(hold)

    def _place(self, hold: UUID) -> None:
        found = Found(uuid4(), self.holds[hold], {}, frozenset(), forgotten=False, version=1)
        decided, again = decide_placements([Asked(hold)] * 2, [found] * 2, PAYMENT_TIMES, self.now)
        assert again != decided or isinstance(decided, Refused)
        if isinstance(decided, Accepted):
            self.holds[hold] = KeptPlaces("ordered", decided.value.kept_until, self.holds[hold].lines)
            self.orders[hold] = "placed"
            self.payments.append((hold, "open"))

    @rule(data=st.data())
    def pay_again(self, data: st.DataObject) -> None:
        hold = self._one_of(data, set(self.orders))
        if hold is None:
            return
        kept = self.holds[hold]
        is_open = any(order == hold and state == "open" for order, state in self.payments)
        decided = decide_new_try(self.orders[hold], kept.state, kept.expires_at, is_open, self.now)
        if decided == Accepted(True):
            self.payments.append((hold, "open"))

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        hold = self._one_of(data)
        if hold is None:
            return
        kept = self.holds[hold]
        if decide_release(kept) == Accepted(True):
            self.holds[hold] = KeptPlaces("released", kept.expires_at, kept.lines)

    @rule(data=st.data())
    def somebody_pays(self, data: st.DataObject) -> None:
        waiting = [place for place, (_, state) in enumerate(self.payments) if state == "open"]
        if waiting:
            self._report(data.draw(st.sampled_from(waiting)), "paid")

    @rule(data=st.data(), reported=st.sampled_from(("open", "pending", "paid", "failed", "expired")))
    def provider_reports(self, data: st.DataObject, reported: str) -> None:
        if self.payments:
            self._report(data.draw(st.integers(0, len(self.payments) - 1)), reported)

    def _report(self, place: int, reported: str) -> None:
        hold, state = self.payments[place]
        kept = self.holds[hold]
        decided = settle(state, self.orders[hold], kept.state, reported)
        if isinstance(decided, Refused):
            return
        self.payments[place] = (hold, decided.value.state)
        if decided.value.verdict == "issue":
            assert move(HOLD, kept.state, "sold") == Accepted(True), "places that were lost are not sold"
            self.holds[hold] = KeptPlaces("sold", kept.expires_at, kept.lines)
            self.orders[hold] = "paid"
            self.tickets[hold] = kept.lines
        elif decided.value.verdict == "give_back":
            self.given_back.append(place)

    @rule(minutes=st.sampled_from((18, 9, 1)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def timer_comes_by(self) -> None:
        self._expire()
        for hold, state in self.orders.items():
            if state == "placed" and self.holds[hold].state == "expired":
                self.orders[hold] = "expired"

    def _one_of(self, data: st.DataObject, among: set[UUID] | None = None) -> UUID | None:
        known = sorted(set(self.holds) if among is None else among)
        return data.draw(st.sampled_from(known)) if known else None

    @invariant()
    def no_seat_is_promised_twice(self) -> None:
        seats = [line.seat for line in self._lines() if line.seat]
        assert len(seats) == len(set(seats))
        sold = [line.seat for lines in self.tickets.values() for line in lines if line.seat]
        assert len(sold) == len(set(sold))

    @invariant()
    def standing_places_are_not_oversold(self) -> None:
        assert sum(line.seat is None for line in self._lines()) <= self.capacity

    @invariant()
    def paid_orders_have_their_tickets_and_others_have_none(self) -> None:
        paid = {order for order, state in self.orders.items() if state == "paid"}
        assert paid == set(self.tickets)

    @invariant()
    def money_that_bought_nothing_goes_back_once(self) -> None:
        assert len(self.given_back) == len(set(self.given_back))
        paid = [place for place, (_, state) in enumerate(self.payments) if state == "paid"]
        online = {hold for hold, _ in self.payments if hold in self.tickets}
        assert len(paid) == len(online) + len(self.given_back)


TestHall = Hall.TestCase
TestHall.settings = settings(max_examples=300, stateful_step_count=50, deadline=None)
