"""Clocks, terms and who may ask what, without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from contracts.actors import Actor, Role
from services.retention.domain.calendar import months_from, months_in, quiet_before
from services.retention.domain.cases import asked_for, clocks_from, confirmed
from services.retention.domain.repeating import next_order
from services.retention.domain.sweeps import is_dry

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
VISITOR = Actor(Role.VISITOR, uuid4())
OFFICER = Actor(Role.PRIVACY_OFFICER, uuid4())
FIRST, LAST = timedelta(seconds=30), timedelta(hours=1)


@pytest.mark.requirement("W-47")
@pytest.mark.parametrize(
    ("opened", "promised", "due"),
    [
        ("2026-11-21T12:00", "2026-12-19T12:00", "2026-12-21T12:00"),
        ("2027-01-31T09:30", "2027-02-28T09:30", "2027-02-28T09:30"),
        ("2028-01-31T09:30", "2028-02-28T09:30", "2028-02-29T09:30"),
        ("2026-12-15T00:00", "2027-01-12T00:00", "2027-01-15T00:00"),
    ],
)
def test_two_clocks_run_beside_each_other(opened: str, promised: str, due: str) -> None:
    clocks = clocks_from(datetime.fromisoformat(opened + "+00:00"), 28)
    assert clocks.promised_by == datetime.fromisoformat(promised + "+00:00")
    assert clocks.due_by == datetime.fromisoformat(due + "+00:00")
    assert clocks.promised_by <= clocks.due_by


@pytest.mark.requirement("G-41")
@pytest.mark.parametrize(
    ("as_of", "day"),
    [("2033-11-21", date(2026, 11, 21)), ("2032-02-29", date(2025, 2, 28)), ("2031-03-01", date(2024, 3, 1))],
)
def test_seven_years_are_calendar_years(as_of: str, day: date) -> None:
    assert quiet_before(datetime.fromisoformat(as_of + "T00:00:00+00:00"), "P7Y") == day


def test_terms_are_years_and_months() -> None:
    assert [months_in(term) for term in ("P7Y", "P1Y6M", "P2M")] == [84, 18, 2]
    for term in ("P", "P7D", "7Y", "PT1H"):
        with pytest.raises(ValueError, match="no term"):
            months_in(term)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-120, 120))
def test_months_never_overflow_into_the_next(day: date, months: int) -> None:
    moved = months_from(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day


@pytest.mark.requirement("G-63")
def test_an_erasure_asks_whether_one_was_told_what_is_lost() -> None:
    assert confirmed("erasure", False) == Refused("erasure-not-understood")
    assert confirmed("erasure", True) == confirmed("copy", False) == Accepted(None)


def test_a_visitor_asks_for_oneself_and_an_officer_names_someone() -> None:
    someone = uuid4()
    assert asked_for(VISITOR, None) == asked_for(VISITOR, VISITOR.id) == Accepted(VISITOR.id)
    assert asked_for(VISITOR, someone) == Refused("case-of-another")
    assert asked_for(OFFICER, someone) == Accepted(someone)
    assert asked_for(OFFICER, None) == Refused("case-needs-subject")


def test_orders_rest_longer_each_time_and_never_longer_than_the_longest() -> None:
    rests = [next_order(NOON, orders, FIRST, LAST) - NOON for orders in range(1, 12)]
    assert rests[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    assert rests == sorted(rests)
    assert rests[-1] == LAST
    assert next_order(NOON, 10**9, FIRST, LAST) - NOON == LAST


@pytest.mark.requirement("W-20")
def test_a_date_to_come_is_acted_on_only_where_that_is_allowed() -> None:
    later = NOON + timedelta(days=1)
    assert is_dry(later, NOON, future_is_real=False)
    assert not is_dry(later, NOON, future_is_real=True)
    assert not is_dry(NOON, NOON, future_is_real=False)
