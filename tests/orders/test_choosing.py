"""Seats that the house picks, and seats picked by hand that would leave one alone: at the door of orders."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from contracts.actors import Actor, Role
from tests.orders.stage import Answered, Evening, Stage, staff, visitor


async def pick(stage: Stage, who: Actor, evening: Evening, count: int, **more: Any) -> Answered:
    """Hold the best seats."""
    best = {"seats": [{"price": str(evening.seat_price), "quantity": count}]}
    body = {"event": str(evening.event), "best": best, **more}
    return await stage.ask(who, "POST", "/holds", body)


def seats_of(answer: Answered) -> list[str]:
    """Labels of what is held."""
    return [line["seat"] for line in answer.body["lines"]]


@pytest.mark.requirement("F-02")
async def test_the_house_picks_seats_side_by_side_near_the_middle(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    first, second = await pick(stage, noor, evening, 4), await pick(stage, visitor(), evening, 3)
    assert first.status == second.status == 201, (first.body, second.body)
    assert seats_of(first) == ["B4", "B5", "B6", "B7"]
    assert len({seat[0] for seat in seats_of(second)}) == 1, "one row"
    assert first.body["total_cents"] == 4 * 2450


@pytest.mark.requirement("F-02")
async def test_parties_who_ask_at_once_never_get_the_same_seat_and_all_sit_together(
    stage: Stage, evening: Evening
) -> None:
    """Forty seats in rows of ten for twenty-five parties of two: twenty are served, each side by side."""
    answers = await asyncio.gather(*(pick(stage, visitor(), evening, 2) for _ in range(25)))
    kept = [seats_of(one) for one in answers if one.status == 201]
    assert len(kept) == 20
    assert len({seat for party in kept for seat in party}) == 40
    for one, other in kept:
        assert (one[0], int(one[1:]) + 1) == (other[0], int(other[1:]))
    assert {one.slug for one in answers if one.status != 201} == {"no-seats-together"}


async def test_the_house_picks_at_several_prices_and_beside_what_was_picked_by_hand(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    cheap = uuid4()
    await stage.look(
        "INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points)"
        " SELECT event_id, $2, 2, title, place, 900, 600 FROM price WHERE price_id = $1",
        evening.seat_price,
        cheap,
    )
    both = [{"price": str(evening.seat_price), "quantity": 1}, {"price": str(cheap), "quantity": 2}]
    body = evening.wish("B5", standing=1) | {"best": {"seats": both}}
    kept = await stage.ask(noor, "POST", "/holds", body)
    assert kept.status == 201, kept.body
    assert sorted(line["cents"] for line in kept.body["lines"]) == [900, 900, 1200, 2450, 2450]
    assert len({line["seat"] for line in kept.body["lines"]}) == 5


@pytest.mark.requirement("F-03")
async def test_the_house_picks_nothing_that_is_kept_for_others(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    """Row B is the counter's, A and D go to nobody; C1 is for a wheelchair and C2 for who comes along."""
    marks = (("counter", "B"), ("nobody", "A"), ("nobody", "D"))
    for kept_for, row in marks:
        seats = [seat for label, seat in evening.seats.items() if label[0] == row]
        await stage.look("UPDATE seat SET kept_for = $1 WHERE seat_id = ANY ($2)", kept_for, seats)
    for label, kind in (("C1", "wheelchair"), ("C2", "companion")):
        await stage.look("UPDATE seat SET kind = $1 WHERE seat_id = $2", kind, evening.seats[label])
    many = await pick(stage, noor, evening, 9)
    assert (many.status, many.slug) == (409, "no-seats-together")
    mine = await pick(stage, noor, evening, 8)
    assert seats_of(mine) == [f"C{number}" for number in range(3, 11)]
    ours = await pick(stage, visitor(), evening, 2, wheelchair=True)
    assert seats_of(ours) == ["C1", "C2"]
    late = await pick(stage, visitor(), evening, 2, wheelchair=True)
    assert (late.status, late.slug) == (409, "no-wheelchair-place")

    clerk = staff(Role.BOX_OFFICE)
    best = {"seats": [{"price": str(evening.seat_price), "quantity": 3}]}
    sale = {"event": str(evening.event), "best": best}
    sold = await stage.ask(clerk, "POST", "/counter/sales", sale, uuid4().hex)
    assert sold.status == 201, sold.body
    assert {line["seat"][0] for line in sold.body["lines"]} == {"B"}


@pytest.mark.requirement("F-02")
async def test_a_choice_that_leaves_a_single_seat_is_refused_with_the_seat_where_that_is_planned(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    assert (await stage.hold(noor, evening, "A2")).status == 201, "nobody planned it"
    await stage.look("UPDATE event SET no_singles = true")
    refused = await stage.hold(noor, evening, "B2", "B3")
    assert (refused.status, refused.slug) == (409, "leaves-single")
    assert "B1" in refused.body["title"]
    assert (await stage.hold(noor, evening, "B1", "B2")).status == 201
    helpless = [f"C{number}" for number in range(1, 10)]
    assert (await stage.hold(noor, evening, *helpless)).status == 201, "one of ten is left whatever one takes"

    clerk = staff(Role.BOX_OFFICE)
    sale = evening.wish("D2")
    assert (await stage.ask(clerk, "POST", "/counter/sales", sale, uuid4().hex)).status == 201


async def test_nonsense_about_best_seats_is_refused_in_words(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    assert (await pick(stage, noor, evening, 11)).slug == "too-many-places"
    price = {"price": str(evening.standing_price), "quantity": 1}
    wrong = await stage.ask(noor, "POST", "/holds", {"event": str(evening.event), "best": {"seats": [price]}})
    assert (wrong.status, wrong.slug) == (422, "wrong-price")
    best = {"seats": [{"price": str(evening.seat_price), "quantity": 1}], "zone": "moon"}
    nowhere = await stage.ask(noor, "POST", "/holds", {"event": str(evening.event), "best": best})
    assert nowhere.slug == "no-seats-together"
    none = await stage.ask(noor, "POST", "/holds", {"event": str(evening.event), "best": {"seats": []}})
    assert none.status == 422
