"""An erasure never closes early and always closes, whatever order its happenings come in."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.retention.domain.erasure import (
    EVERY_SERVICE,
    LAST,
    ORDERED_FIRST,
    Accounted,
    Carried,
    Erasure,
    State,
    Step,
    missing,
    step,
)

RECIPIENTS = [UUID(int=number) for number in range(1, 4)]
Happening = Carried | Accounted


def receipts(named: frozenset[UUID]) -> list[Happening]:
    """Every service's receipt; sharing names the recipients, as it did the first time."""
    return [
        Carried(service, named if service == "sharing" else frozenset()) for service in sorted(EVERY_SERVICE)
    ]


@st.composite
def stories(draw: st.DrawFn) -> tuple[frozenset[UUID], list[Happening]]:
    """Who is named, and happenings in any order, doubled, some of them lost."""
    named = frozenset(draw(st.sets(st.sampled_from(RECIPIENTS))))
    possible = [*receipts(named), *(Accounted(recipient) for recipient in RECIPIENTS)]
    return named, draw(st.lists(st.sampled_from(possible), max_size=30))


def told(story: list[Happening]) -> list[Step]:
    steps, at = [], Erasure()
    for happening in story:
        steps.append(step(at, happening))
        at = steps[-1].erasure
    return steps


@pytest.mark.requirement("G-62")
@given(stories())
def test_it_never_tells_or_closes_early(drawn: tuple[frozenset[UUID], list[Happening]]) -> None:
    named, story = drawn
    for number, one in enumerate(told(story), start=1):
        so_far = story[:number]
        services = {each.service for each in so_far if isinstance(each, Carried)}
        accounted = {each.recipient for each in so_far if isinstance(each, Accounted)}
        if one.erasure.state is not State.ORDERED:
            assert services >= ORDERED_FIRST
            assert accounted >= named
        if one.close:
            assert story[number - 1] == Carried(LAST)
            assert any(earlier.tell for earlier in told(so_far[:-1]))


@given(stories())
def test_telling_and_closing_happen_once_each(drawn: tuple[frozenset[UUID], list[Happening]]) -> None:
    steps = told(drawn[1] + drawn[1])
    assert sum(one.tell for one in steps) <= 1
    assert sum(one.close for one in steps) <= 1


@pytest.mark.requirement("X-02")
@given(stories(), st.randoms(use_true_random=False))
def test_it_always_closes_once_orders_are_repeated(
    drawn: tuple[frozenset[UUID], list[Happening]], chance: Random
) -> None:
    """Repeated orders bring every receipt again; each recipient answers or is overdue; notify is last."""
    named, story = drawn
    rest: list[Happening] = [*receipts(named), *(Accounted(recipient) for recipient in named)]
    chance.shuffle(rest)
    steps = told([*story, *rest, Carried(LAST)])
    assert steps[-1].erasure.state is State.CLOSED


@given(stories())
def test_a_closed_case_stays_closed(drawn: tuple[frozenset[UUID], list[Happening]]) -> None:
    closed = Erasure(State.CLOSED, EVERY_SERVICE)
    for happening in drawn[1]:
        after = step(closed, happening)
        assert (after.erasure.state, after.tell, after.close) == (State.CLOSED, False, False)


def test_without_recipients_the_last_service_is_enough() -> None:
    story: list[Happening] = [Carried(service) for service in sorted(ORDERED_FIRST)]
    steps = told(story)
    assert [one.tell for one in steps] == [False, False, False, False, True]
    assert missing(steps[-1].erasure.answered) == ("notify",)
    assert step(steps[-1].erasure, Carried(LAST)).close
