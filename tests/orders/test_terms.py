"""On which terms places are sold: windows, conditions, zones, places that are kept, codes. Pure decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from services.orders.domain.discounts import Discount, reduced
from services.orders.domain.places import (
    PriceTerms,
    Reservation,
    SeatFacts,
    Stock,
    Terms,
    Wish,
    decide_all,
)
from services.orders.domain.season import Planned, Times, state_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL, YOUNG, GROUP, MEAL = (UUID(int=number) for number in range(1, 5))
STALLS, BALCONY, CHAIR, BESIDE, HOUSE = (UUID(int=100 + number) for number in range(5))
FACTS = {
    STALLS: SeatFacts("stalls"),
    BALCONY: SeatFacts("balcony"),
    CHAIR: SeatFacts("stalls", "wheelchair"),
    BESIDE: SeatFacts("stalls", "companion"),
    HOUSE: SeatFacts("stalls", "normal", counter_only=True),
}
PRICES = {
    FULL: PriceTerms(FULL, "seat", 2200, 600, {"balcony": 1600}),
    YOUNG: PriceTerms(YOUNG, "seat", 1400, 600, most=1),
    GROUP: PriceTerms(GROUP, "seat", 1800, 600, least=2),
    MEAL: PriceTerms(MEAL, "standing", 4000, 2100, channels=frozenset(("counter",))),
}


def times(planned: Planned = "on_sale", until: datetime | None = None) -> Times:
    return Times(NOW - HOUR, NOW + 2 * HOUR, NOW + 4 * HOUR, until, planned)


def decided(
    *wishes: Wish, now: datetime = NOW, codes: Mapping[str, Discount] = {}, **terms: Any
) -> list[Any]:
    """What becomes of wishes for these seats and ten standing places."""
    allowed = Terms(times(), timedelta(minutes=10), 10, PRICES, wheelchair_kept=True)
    stock = Stock(frozenset(FACTS), frozenset(FACTS), 10, FACTS, codes)
    return decide_all(replace(allowed, **terms), stock, wishes, now)


def wish(*seats: UUID, price: UUID = FULL, **facts: Any) -> Wish:
    return Wish(uuid4(), facts.pop("channel", "online"), seats, price, **facts)


def kept(outcome: Any) -> Reservation:
    assert isinstance(outcome, Accepted), outcome
    assert isinstance(outcome.value, Reservation)
    return outcome.value


@pytest.mark.requirement("F-53")
def test_an_event_shows_what_its_planner_decided_and_what_the_clock_says() -> None:
    early, late = NOW - 2 * HOUR, NOW + 3 * HOUR
    assert state_of(times("published"), True, NOW) == "announced"
    assert state_of(times(), True, early) == "soon"
    assert state_of(times(), True, NOW) == "on_sale"
    assert state_of(times(), False, NOW) == "sold_out"
    assert state_of(times("closed"), True, NOW) == "closed"
    assert state_of(times(), True, late) == "closed"
    assert state_of(times(), True, NOW + 5 * HOUR) == "past"


@pytest.mark.parametrize(
    ("sale", "channel", "slug"),
    [
        (times("published"), "online", "not-on-sale"),
        (times("draft"), "counter", "not-on-sale"),
        (times("closed"), "counter", "sale-closed"),
        (times(until=NOW), "online", "sale-closed"),
    ],
)
def test_nothing_is_sold_outside_of_the_sale(sale: Times, channel: str, slug: str) -> None:
    assert decided(wish(STALLS, channel=channel), times=sale) == [Refused(slug)]


def test_the_counter_sells_on_when_the_online_sale_is_over() -> None:
    assert len(kept(decided(wish(STALLS, channel="counter"), times=times(until=NOW))[0]).lines) == 1


@pytest.mark.requirement("F-06")
def test_a_price_is_another_one_in_another_zone_and_each_seat_may_have_its_own() -> None:
    both = kept(decided(wish(STALLS, BALCONY))[0])
    assert [line.cents for line in both.lines] == [2200, 1600]
    family = kept(decided(wish(STALLS, BALCONY, seat_prices={BALCONY: YOUNG}))[0])
    assert [line.cents for line in family.lines] == [2200, 1400]


@pytest.mark.requirement("F-06")
def test_conditions_of_a_price_are_kept_to() -> None:
    assert decided(wish(STALLS, price=GROUP)) == [Refused("price-too-few", {"least": 2})]
    assert decided(wish(STALLS, BALCONY, price=YOUNG)) == [Refused("price-too-many", {"most": 1})]
    at_the_counter_only = wish(standing=((MEAL, 1),))
    assert decided(at_the_counter_only) == [Refused("price-not-sold")]
    assert len(kept(decided(replace(at_the_counter_only, channel="counter"))[0]).lines) == 1


@pytest.mark.requirement("F-06")
def test_an_early_price_ends_at_its_instant() -> None:
    early = {FULL: replace(PRICES[FULL], sold_until=NOW)}
    assert decided(wish(STALLS), prices=early) == [Refused("price-not-sold")]
    assert kept(decided(wish(STALLS), prices=early, now=NOW - timedelta(seconds=1))[0]).lines


@pytest.mark.requirement("F-60")
def test_an_order_has_the_vat_of_each_of_its_lines() -> None:
    mixed = kept(decided(wish(STALLS, standing=((MEAL, 1),), channel="counter"))[0])
    assert [line.vat_cents for line in mixed.lines] == [125, 694]


@pytest.mark.requirement("F-03")
def test_wheelchair_places_are_for_who_needs_them_until_they_are_released() -> None:
    assert decided(wish(CHAIR)) == [Refused("wheelchair-place")]
    assert decided(wish(BESIDE, wheelchair=True)) == [Refused("companion-alone")]
    assert len(kept(decided(wish(CHAIR, BESIDE, wheelchair=True))[0]).lines) == 2
    assert len(kept(decided(wish(BESIDE), wheelchair_kept=False)[0]).lines) == 1


@pytest.mark.requirement("F-35")
def test_what_is_kept_for_the_counter_looks_taken_online() -> None:
    assert decided(wish(HOUSE)) == [Refused("seat-taken", {"taken": 1, "wanted": 1})]
    assert kept(decided(wish(HOUSE, channel="counter"))[0]).lines
    price = {MEAL: replace(PRICES[MEAL], channels=frozenset(("online", "counter")))}
    last = wish(standing=((MEAL, 8),))
    assert decided(last, prices=price, counter_standing=3) == [Refused("sold-out", {"left": 7, "wanted": 8})]
    assert kept(decided(replace(last, channel="counter"), prices=price, counter_standing=3)[0]).lines


@pytest.mark.requirement("F-07")
def test_a_code_that_is_used_twice_at_once_is_used_once() -> None:
    code = Discount(uuid4(), "percent", 25, NOW - HOUR, left=1)
    first, second = decided(wish(STALLS, code="STORM"), wish(BALCONY, code="STORM"), codes={"STORM": code})
    assert kept(first).voucher == code.id
    assert kept(first).discount_cents == 550
    assert [line.cents for line in kept(first).lines] == [1650]
    assert second == Refused("code-used-up")


@pytest.mark.requirement("F-07")
def test_a_code_says_why_it_does_not_count() -> None:
    codes = {
        "LATER": Discount(uuid4(), "amount", 500, NOW + HOUR),
        "OVER": Discount(uuid4(), "amount", 500, NOW - HOUR, NOW),
    }
    told = [decided(wish(STALLS, code=code), codes=codes)[0] for code in ("NONE", "LATER", "OVER")]
    assert told == [Refused("unknown-code"), Refused("code-not-valid"), Refused("code-not-valid")]


@pytest.mark.requirement("F-07")
@given(
    cents=st.lists(st.integers(0, 10_000), min_size=1, max_size=50),
    kind=st.sampled_from(("percent", "amount")),
    value=st.integers(1, 20_000),
)
def test_a_discount_is_spread_to_the_cent_and_no_line_goes_below_nothing(
    cents: Sequence[int], kind: Any, value: int
) -> None:
    value = min(value, 100) if kind == "percent" else value
    less = reduced(cents, Discount(uuid4(), kind, value, NOW))
    off = sum(cents) * value // 100 if kind == "percent" else min(value, sum(cents))
    assert sum(cents) - sum(less) == off
    assert all(0 <= now <= before for now, before in zip(less, cents, strict=True))
